//! Binds and nothing else: the socket that a killed server has left is in the way.
//!
//! stage: path
//! fails: path::starts_again_after_a_crash
//! meant: path::starts_again_after_a_crash
//! says: refused means that nobody has it any more

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::Path;

pub fn bind(path: &Path) -> io::Result<UnixListener> {
    let listener = UnixListener::bind(path)?;
    fs::set_permissions(path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

pub fn leave(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}
