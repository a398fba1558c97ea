//! Removes whatever is at the path before it binds, as many programs do.
//!
//! stage: path
//! fails: path::a_second_server_disturbs_nobody
//!        path::a_socket_of_another_type_is_left_alone
//!        path::what_is_no_socket_stays_as_it_is
//! meant: path::a_second_server_disturbs_nobody
//! says: a connect that succeeds tells

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::Path;

pub fn bind(path: &Path) -> io::Result<UnixListener> {
    if path.exists() {
        fs::remove_file(path)?;
    }
    let listener = UnixListener::bind(path)?;
    fs::set_permissions(path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

pub fn leave(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}
