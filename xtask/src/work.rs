//! Temporary work: one folder a user, one folder a run in it, swept at the next start.

use std::env;
use std::fs::{self, DirBuilder, File, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, Mode, flock};
use rustix::process::umask;

use crate::fault::{Fault, Result};

/// Others may pass through, as programs in a box that root started must, but not list.
const PASSABLE: u32 = 0o711;

/// A run's folder. It vanishes with this; if the run is killed, with the next run.
#[derive(Debug)]
pub struct WorkFolder {
    path: PathBuf,
    /// Tells other runs that this folder is in use (flock(2): ends with the process).
    _lock: File,
}

impl WorkFolder {
    /// Makes a folder for this run, and sweeps those of runs that are gone.
    ///
    /// From then on this process makes files that others can read: a box that root starts runs
    /// as somebody else.
    ///
    /// # Errors
    /// The temporary folder is full, is not ours, or cannot be written to.
    pub fn new() -> Result<Self> {
        umask(Mode::WGRP | Mode::WOTH);
        Self::new_in(&env::temp_dir())
    }

    fn new_in(temporary: &Path) -> Result<Self> {
        let uid = rustix::process::geteuid().as_raw();
        let user = temporary.join(format!("socket-labs-{uid}"));
        match make(&user) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(Fault::io("make the folder", &user, &error));
            }
            _ => owned(&user, uid)?,
        }
        // Held while a folder is made and locked, so that no other run sweeps it in between.
        let _sweeping = locked(&user, FlockOperation::LockExclusive)?;
        sweep(&user);
        let name = format!("run-{}-{:08x}", std::process::id(), fastrand::u32(..));
        let path = user.join(name);
        make(&path).map_err(|error| Fault::io("make the folder", &path, &error))?;
        let lock = locked(&path, FlockOperation::NonBlockingLockExclusive)?;
        Ok(Self { path, _lock: lock })
    }

    /// A new folder in it, whose name begins with `name`.
    ///
    /// # Errors
    /// The disk is full.
    pub fn fresh(&self, name: &str) -> Result<PathBuf> {
        let path = self.path.join(format!("{name}-{:08x}", fastrand::u32(..)));
        make(&path).map_err(|error| Fault::io("make the folder", &path, &error))?;
        Ok(path)
    }

    /// As [`WorkFolder::fresh`], but the folder vanishes with what is given back: a cohort's
    /// programs would fill the disk.
    ///
    /// # Errors
    /// The disk is full.
    pub fn scratch(&self, name: &str) -> Result<Scratch> {
        Ok(Scratch(self.fresh(name)?))
    }

    /// As [`WorkFolder::scratch`], but at the same place each time: one at once.
    ///
    /// # Errors
    /// The last one is still there, or the disk is full.
    pub fn scratch_again(&self, name: &str) -> Result<Scratch> {
        let path = self.path.join(name);
        make(&path).map_err(|error| Fault::io("make the folder", &path, &error))?;
        Ok(Scratch(path))
    }
}

/// A folder that vanishes with this.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be deleted now is deleted with the run's folder.
        _ = fs::remove_dir_all(&self.0);
    }
}

impl Drop for WorkFolder {
    fn drop(&mut self) {
        // What cannot be deleted is tried again by the next run.
        _ = fs::remove_dir_all(&self.path);
    }
}

/// Makes the folder `path` and those above it that are missing.
///
/// # Errors
/// The disk is full.
pub fn make_all(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|error| Fault::io("make the folder", path, &error))
}

/// Writes the file `path`.
///
/// # Errors
/// The disk is full.
pub fn write(path: &Path, text: &[u8]) -> Result<()> {
    fs::write(path, text).map_err(|error| Fault::io("write", path, &error))
}

/// Copies `file` into `folder`, readable for whomever a box runs as, and says where it is.
///
/// # Errors
/// It cannot be read, or the disk is full.
pub fn copy_into(folder: &Path, file: &Path) -> Result<PathBuf> {
    let copy = folder.join(file.file_name().unwrap_or_default());
    let failed = |error: &io::Error| Fault::io("copy to", &copy, error);
    fs::copy(file, &copy).map_err(|error| failed(&error))?;
    let mode = fs::metadata(&copy).map_err(|error| failed(&error))?.mode();
    let runs = if mode & 0o100 == 0 { 0 } else { 0o111 };
    fs::set_permissions(&copy, Permissions::from_mode(mode | 0o444 | runs))
        .map_err(|error| failed(&error))?;
    Ok(copy)
}

fn make(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(PASSABLE).create(path)
}

/// Whether `path` is a folder that only this user writes to.
fn owned(path: &Path, uid: u32) -> Result<()> {
    let found = fs::symlink_metadata(path).map_err(|error| Fault::io("look at", path, &error))?;
    if found.is_dir() && found.uid() == uid && found.mode() & 0o022 == 0 {
        return Ok(());
    }
    Err(Fault::grader(
        format!(
            "{} is there already, and it is not a folder that only you write to",
            path.display()
        ),
        "delete it, or name another folder for temporary work: TMPDIR=/elsewhere cargo xtask ...",
    ))
}

/// Takes the lock of what stands at `path` (flock(2)); it ends with what is given back.
///
/// # Errors
/// It cannot be opened, or is not to be waited for and taken.
pub fn locked(path: &Path, how: FlockOperation) -> Result<File> {
    let file = File::open(path).map_err(|error| Fault::io("open", path, &error))?;
    flock(&file, how).map_err(|error| Fault::io("lock", path, &error.into()))?;
    Ok(file)
}

/// Deletes the folders of runs whose lock is free: those runs were killed.
fn sweep(user: &Path) {
    let entries = fs::read_dir(user).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        if locked(&path, FlockOperation::NonBlockingLockExclusive).is_ok() {
            _ = fs::remove_dir_all(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_sweeps_what_killed_runs_left_and_leaves_the_living_alone() {
        let temporary = tempfile::tempdir().unwrap();
        let living = WorkFolder::new_in(temporary.path()).unwrap();
        let kept = living.fresh("lab").unwrap();
        let scratch = living.scratch("lab").unwrap();
        let gone = scratch.path().to_path_buf();
        assert!(gone.is_dir());
        drop(scratch);
        assert!(!gone.exists());
        let user = living.path.parent().unwrap().to_path_buf();
        let left = user.join("run-1-00000000");
        fs::create_dir(&left).unwrap();

        let next = WorkFolder::new_in(temporary.path()).unwrap();

        assert!(!left.exists());
        assert!(kept.exists());
        drop(next);
        drop(living);
        assert_eq!(fs::read_dir(&user).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_that_others_write_to_is_refused() {
        let temporary = tempfile::tempdir().unwrap();
        let uid = rustix::process::geteuid().as_raw();
        let user = temporary.path().join(format!("socket-labs-{uid}"));
        fs::create_dir(&user).unwrap();
        fs::set_permissions(&user, fs::Permissions::from_mode(0o777)).unwrap();
        let told = WorkFolder::new_in(temporary.path())
            .unwrap_err()
            .to_string();
        assert!(told.contains("only you write to"), "{told}");
    }
}
