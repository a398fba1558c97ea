//! Tidies up when bind fails, and so removes the socket of the server that is in its way.
//!
//! stage: path
//! fails: path::a_second_server_disturbs_nobody
//! meant: path::a_second_server_disturbs_nobody
//! says: also when you fail and tidy up

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

pub fn bind(path: &Path) -> io::Result<UnixListener> {
    if let Ok(found) = fs::symlink_metadata(path) {
        if !found.file_type().is_socket() {
            return Err(io::Error::other("there is a file"));
        }
        match UnixStream::connect(path) {
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                fs::remove_file(path)?;
            }
            Err(error) => return Err(error),
            Ok(_) => {}
        }
    }
    let tidy = |error| {
        // Nothing half made is to stay behind.
        let _ = fs::remove_file(path);
        error
    };
    let listener = UnixListener::bind(path).map_err(tidy)?;
    fs::set_permissions(path, Permissions::from_mode(0o600)).map_err(tidy)?;
    Ok(listener)
}

pub fn leave(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}
