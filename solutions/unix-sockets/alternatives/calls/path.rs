//! The calls alone, and the mode before there is a file: on Linux bind makes it with the mode of the
//! socket itself, less the umask.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::Path;

use berkeley::{
    AF_UNIX, Addr, SOCK_STREAM, Socket, connect, errno, listen, set_nonblocking, socket,
};

pub fn bind(path: &Path) -> io::Result<UnixListener> {
    let addr = Addr::Path(path.to_path_buf());
    let listener = private_socket()?;
    let mut bound = berkeley::bind(&listener, &addr);
    if errno_of(&bound) == Some(errno::EADDRINUSE) && is_nobodys(path, &addr)? {
        fs::remove_file(path)?;
        bound = berkeley::bind(&listener, &addr);
    }
    bound?;
    listen(&listener, 16)?;
    Ok(listener.into())
}

/// A socket whose own mode is 0600.
fn private_socket() -> io::Result<Socket> {
    let file = File::from(OwnedFd::from(socket(AF_UNIX, SOCK_STREAM, 0)?));
    file.set_permissions(Permissions::from_mode(0o600))?;
    Ok(OwnedFd::from(file).into())
}

/// Whether there is a socket that no process has.
fn is_nobodys(path: &Path, addr: &Addr) -> io::Result<bool> {
    if !fs::symlink_metadata(path)?.file_type().is_socket() {
        return Ok(false);
    }
    let probe = socket(AF_UNIX, SOCK_STREAM, 0)?;
    set_nonblocking(&probe, true)?;
    Ok(errno_of(&connect(&probe, addr)) == Some(errno::ECONNREFUSED))
}

fn errno_of(outcome: &io::Result<()>) -> Option<i32> {
    outcome.as_ref().err()?.raw_os_error()
}

pub fn leave(path: &Path) -> io::Result<()> {
    let removed = fs::remove_file(path);
    if errno_of(&removed) == Some(errno::ENOENT) {
        return Ok(());
    }
    removed
}
