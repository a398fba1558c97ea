//! The folder that reports are written to.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::fault::{Fault, Result};
use crate::sources::set::hexadecimal;

/// The longest stem of a file, bytes.
const STEM: usize = 120;

/// A folder of reports. What it wrote earlier and does not write now is deleted at the end, so
/// that no page stays of somebody who left, or of a time when more could be seen.
#[derive(Debug)]
pub struct ReportFolder {
    root: PathBuf,
    written: Mutex<BTreeSet<PathBuf>>,
}

impl ReportFolder {
    /// The folder at `root`, made if it is not there.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn at(root: &Path) -> Result<Self> {
        fs::create_dir_all(root).map_err(|error| Fault::io("make the folder", root, &error))?;
        Ok(Self {
            root: root.to_path_buf(),
            written: Mutex::default(),
        })
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Writes a file of it, `path` from its root on.
    ///
    /// # Errors
    /// The disk is full.
    pub fn write(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) -> Result<()> {
        let path = self.root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .map_err(|error| Fault::io("make the folder", folder, &error))?;
        }
        fs::write(&path, text).map_err(|error| Fault::io("write", &path, &error))?;
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.insert(path);
        Ok(())
    }

    /// Deletes files with that ending in `folder` that were not written since.
    ///
    /// # Errors
    /// The folder cannot be read, or a file of it not deleted.
    pub fn forget_others(&self, folder: &str, ending: &str) -> Result<()> {
        let folder = self.root.join(folder);
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries.map_err(|error| Fault::io("read", &folder, &error))?,
        };
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in entries {
            let path = entry
                .map_err(|error| Fault::io("read", &folder, &error))?
                .path();
            let ours = path.to_string_lossy().ends_with(ending);
            if ours && !written.contains(&path) {
                fs::remove_file(&path).map_err(|error| Fault::io("delete", &path, &error))?;
            }
        }
        Ok(())
    }

    /// Deletes a folder of it that is about to be written anew.
    ///
    /// # Errors
    /// It cannot be deleted.
    pub fn forget_all(&self, folder: &str) -> Result<()> {
        let folder = self.root.join(folder);
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Fault::io("delete", &folder, &error))
            }
            _ => Ok(()),
        }
    }
}

/// A stem of a file for `id`: letters, digits, `-`, `_` and dots as they are, other bytes as
/// `%2f`; no two ids have the same.
pub fn stem(id: &str) -> String {
    let mut stem = String::new();
    for (index, c) in id.char_indices() {
        let plain = c.is_alphanumeric() || matches!(c, '-' | '_') || (c == '.' && index > 0);
        if plain && !testbench::bytes::is_treacherous(c) {
            stem.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                // Writing to a String cannot fail.
                _ = write!(stem, "%{byte:02x}");
            }
        }
    }
    if stem.len() <= STEM {
        return stem;
    }
    let end = (0..=STEM)
        .rev()
        .find(|&end| stem.is_char_boundary(end))
        .unwrap_or(0);
    let mut digest = Sha256::new();
    digest.update(id);
    let digest = hexadecimal(digest);
    format!("{}%{}", &stem[..end], &digest[..16])
}

#[cfg(test)]
mod tests {
    use super::super::hostile::HOSTILE;
    use super::*;

    #[test]
    fn no_id_leads_out_of_the_folder_and_no_two_share_a_file() {
        let long = ["x".repeat(300), "x".repeat(301)];
        let ids = [
            "..", ".", "../a", "a/b", "a%2fb", "", "ada", "Zoë", "a\\b", "-rf",
        ];
        let all: Vec<&str> = HOSTILE
            .iter()
            .copied()
            .chain(ids)
            .chain(long.iter().map(String::as_str))
            .collect();
        let stems: BTreeSet<String> = all.iter().map(|id| stem(id)).collect();
        assert_eq!(stems.len(), all.len());
        for stem in &stems {
            assert!(
                !stem.contains(['/', '\\', '\0', '\n']) && !stem.starts_with('.'),
                "{stem}"
            );
            assert!(stem.len() < 200, "{stem}");
        }
        assert_eq!(stem("Zoë_Müller-1.b"), "Zoë_Müller-1.b");
    }

    #[test]
    fn what_is_not_written_again_is_forgotten() {
        let temporary = tempfile::tempdir().unwrap();
        let first = ReportFolder::at(temporary.path()).unwrap();
        first.write("students/ada.html", "a").unwrap();
        first.write("students/bob.html", "b").unwrap();
        fs::write(temporary.path().join("students/mine.txt"), "").unwrap();
        let second = ReportFolder::at(temporary.path()).unwrap();
        second.write("students/ada.html", "a").unwrap();
        second.forget_others("students", ".html").unwrap();
        second.forget_others("junit", ".xml").unwrap();
        let left = |name: &str| temporary.path().join("students").join(name).exists();
        assert!(left("ada.html") && left("mine.txt") && !left("bob.html"));
    }
}
