//! A folder for the program under judgement to read from.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, io, process};

use crate::failure::{Failure, Outcome};

/// A folder of the check's own, under the folder for temporary files. It is deleted with all
/// that is in it when this is dropped.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// An empty one.
    pub(crate) fn new() -> Outcome<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let made = || -> io::Result<PathBuf> {
            let parent = fs::canonicalize(env::temp_dir())?;
            loop {
                let number = NEXT.fetch_add(1, Ordering::Relaxed);
                let path = parent.join(format!("socket-labs-{}-{number}", process::id()));
                match fs::create_dir(&path) {
                    // Left over by an earlier process of that number.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                    made => return made.map(|()| path),
                }
            }
        };
        let path = made().map_err(|error| Failure::grader("make a folder", error))?;
        Ok(Self { path })
    }

    /// Where it is, an absolute path without links.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of what is called `name` in it, as an argument of a program.
    pub fn arg(&self, name: &str) -> String {
        self.path.join(name).to_string_lossy().into_owned()
    }

    /// Writes a file called `name`; the folders that `name` leads through are made.
    pub fn write(&self, name: &str, data: impl AsRef<[u8]>) -> Outcome {
        self.make(name, |path| fs::write(path, data))
    }

    /// Writes a file of `length` zero bytes, but for some: `data` stands at `offset`. The zeros
    /// take no room (a sparse file).
    pub fn write_sparse(&self, name: &str, length: u64, data: &[(u64, Vec<u8>)]) -> Outcome {
        use std::os::unix::fs::FileExt;
        self.make(name, |path| {
            let file = fs::File::create(path)?;
            file.set_len(length)?;
            data.iter()
                .try_for_each(|(offset, bytes)| file.write_all_at(bytes, *offset))
        })
    }

    /// Makes a symbolic link called `name` to `target`.
    pub fn link(&self, name: &str, target: impl AsRef<Path>) -> Outcome {
        self.make(name, |path| symlink(target, path))
    }

    fn make(&self, name: &str, make: impl FnOnce(&Path) -> io::Result<()>) -> Outcome {
        let path = self.path.join(name);
        let parent = path.parent().unwrap_or(&self.path);
        let made = fs::create_dir_all(parent).and_then(|()| make(&path));
        made.map_err(|error| Failure::grader(&format!("make {}", path.display()), error))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left would be left in a folder for temporary files.
        _ = fs::remove_dir_all(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_holds_what_is_written_and_goes_with_its_owner() {
        let folder = Folder::new().expect("a folder");
        folder.write("a/b.txt", "hello").expect("a file");
        folder.link("link", "a/b.txt").expect("a link");
        let ends = [(0, b"first".to_vec()), (99_995, b"last!".to_vec())];
        folder
            .write_sparse("sparse", 100_000, &ends)
            .expect("a file");
        let path = folder.path().to_path_buf();
        assert_eq!(fs::read(path.join("link")).expect("a file"), b"hello");
        let sparse = fs::read(path.join("sparse")).expect("a file");
        assert_eq!(sparse.len(), 100_000);
        assert!(sparse.starts_with(b"first\0") && sparse.ends_with(b"\0last!"));
        drop(folder);
        assert!(!path.exists());
    }
}
