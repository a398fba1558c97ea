//! A temporary folder.

use std::path::{Path, PathBuf};
use std::{env, fs, io, process};

use anyhow::Context;

/// A folder that is removed when this is dropped.
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes one under a name that is not taken.
    pub(super) fn new() -> anyhow::Result<Self> {
        let mut number = 0;
        loop {
            let name = format!("socket-labs-probe-{}-{number}", process::id());
            let path = env::temp_dir().join(name);
            match fs::create_dir(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                made => {
                    made.with_context(|| format!("cannot make {}", path.display()))?;
                    return Ok(Self { path });
                }
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind in the temporary folder harms nobody.
        let _ = fs::remove_dir_all(&self.path);
    }
}
