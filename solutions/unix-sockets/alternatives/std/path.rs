//! `std` only: looks before it binds, and sets the mode afterwards.

use std::fs::{self, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

/// What is at a path.
enum There {
    Nothing,
    Stale,
    Taken,
}

pub fn bind(path: &Path) -> io::Result<UnixListener> {
    match look(path)? {
        There::Nothing => {}
        There::Stale => fs::remove_file(path)?,
        There::Taken => return Err(ErrorKind::AddrInUse.into()),
    }
    let listener = UnixListener::bind(path)?;
    if let Err(error) = fs::set_permissions(path, Permissions::from_mode(0o600)) {
        leave(path)?;
        return Err(error);
    }
    Ok(listener)
}

fn look(path: &Path) -> io::Result<There> {
    let found = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(There::Nothing),
        found => found?,
    };
    if !found.file_type().is_socket() {
        return Ok(There::Taken);
    }
    match UnixStream::connect(path).map_err(|error| error.kind()) {
        Err(ErrorKind::ConnectionRefused) => Ok(There::Stale),
        // Its owner has removed it meanwhile.
        Err(ErrorKind::NotFound) => Ok(There::Nothing),
        _ => Ok(There::Taken),
    }
}

pub fn leave(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
