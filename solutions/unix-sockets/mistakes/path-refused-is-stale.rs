//! Probes by connecting, and does not look at what is there: a text refuses, too.
//!
//! stage: path
//! fails: path::what_is_no_socket_stays_as_it_is
//! meant: path::what_is_no_socket_stays_as_it_is
//! says: touch nothing but sockets

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

pub fn bind(path: &Path) -> io::Result<UnixListener> {
    match UnixStream::connect(path) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
        Ok(_) => return Err(io::Error::other("another server is running")),
    }
    let listener = UnixListener::bind(path)?;
    fs::set_permissions(path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

pub fn leave(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}
