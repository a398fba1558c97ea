//! Leaves the mode to the umask: 0755 as a rule.
//!
//! stage: path
//! fails: path::only_its_own_user_may_connect
//! meant: path::only_its_own_user_may_connect
//! says: set the mode to 0600 yourself

use std::fs;
use std::io;
use std::os::unix::fs::FileTypeExt;
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
    UnixListener::bind(path)
}

pub fn leave(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}
