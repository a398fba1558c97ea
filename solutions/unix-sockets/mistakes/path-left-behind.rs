//! Leaves the socket in the file system on SIGTERM, for the next server to remove.
//!
//! stage: path
//! fails: path::is_gone_after_sigterm
//! meant: path::is_gone_after_sigterm
//! says: who made it removes it

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

pub fn bind(path: &Path) -> io::Result<UnixListener> {
    if let Ok(found) = fs::symlink_metadata(path)
        && found.file_type().is_socket()
        && let Err(error) = UnixStream::connect(path)
        && error.kind() == io::ErrorKind::ConnectionRefused
    {
        fs::remove_file(path)?;
    }
    let listener = UnixListener::bind(path)?;
    fs::set_permissions(path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

pub fn leave(_: &Path) -> io::Result<()> {
    // The listener is dropped when the program ends, and the socket with it.
    Ok(())
}
