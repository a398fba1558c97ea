//! Binds, and never listens.
//!
//! stage: path
//! fails: path::echoes
//!        path::is_gone_after_sigterm
//!        path::starts_again_after_a_crash
//!        path::only_its_own_user_may_connect
//!        path::a_second_server_disturbs_nobody
//!        path::a_socket_of_another_type_is_left_alone
//!        path::what_is_no_socket_stays_as_it_is
//!        path::a_path_may_be_as_long_as_fits
//! meant: path::echoes
//! says: bind makes the file, and listen lets clients in

use std::fs::{self, Permissions};
use std::io;
use std::io::ErrorKind;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::Path;

use berkeley::{AF_UNIX, Addr, SOCK_STREAM, Socket, connect, set_nonblocking, socket};

/// Makes a socket that listens at `path`, with mode 0600.
///
/// A socket that a dead server has left there is replaced; anything else that is there stays, and is
/// an error. An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(path: &Path) -> io::Result<UnixListener> {
    let listener = socket(AF_UNIX, SOCK_STREAM, 0)?;
    let addr = Addr::Path(path.to_owned());
    match berkeley::bind(&listener, &addr) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            remove_stale(path)?;
            berkeley::bind(&listener, &addr)?;
        }
        bound => bound?,
    }
    // Before listen: until then nobody can connect, whatever the umask has left of the mode.
    fs::set_permissions(path, Permissions::from_mode(0o600))?;
    Ok(listener.into())
}

/// Takes the socket at `path` away; if it is gone already, nothing is left to do. `main` calls it on
/// SIGTERM, while the server still serves, and then exits with 0; after an error with 1.
pub fn leave(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        // Somebody was faster: what is gone already need not be removed.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Removes a socket at `path` that nobody has any more. What is no socket, and a socket that
/// somebody has, is left as it is, with an error.
fn remove_stale(path: &Path) -> io::Result<()> {
    // Not following links: it is the entry at `path` that would be removed.
    if !fs::symlink_metadata(path)?.file_type().is_socket() {
        return Err(in_use("a file that is no socket is there"));
    }
    let probe: Socket = socket(AF_UNIX, SOCK_STREAM, 0)?;
    // A server whose queue is full would keep the probe waiting; now it says WouldBlock.
    set_nonblocking(&probe, true)?;
    match connect(&probe, Addr::Path(path.to_owned())) {
        // The file has outlived its socket (unix(7)).
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => fs::remove_file(path),
        // Connected, of another type, not ours to ask: somebody is there.
        _ => Err(in_use("another server is there")),
    }
}

fn in_use(why: &str) -> io::Error {
    io::Error::new(ErrorKind::AddrInUse, why)
}
