//! Makes the socket under a longer name first and renames it when its mode is right.
//!
//! stage: path
//! fails: path::a_path_may_be_as_long_as_fits
//! meant: path::a_path_may_be_as_long_as_fits
//! says: with nothing added to it

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

pub fn bind(path: &Path) -> io::Result<UnixListener> {
    if let Ok(found) = fs::symlink_metadata(path) {
        if !found.file_type().is_socket() {
            return Err(io::Error::other("there is a file that is no socket"));
        }
        match UnixStream::connect(path) {
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
            Err(error) => return Err(error),
            Ok(_) => return Err(io::Error::other("another server is running")),
        }
    }
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".new");
    let listener = UnixListener::bind(&unfinished)?;
    fs::set_permissions(&unfinished, Permissions::from_mode(0o600))?;
    fs::rename(&unfinished, path)?;
    Ok(listener)
}

pub fn leave(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}
