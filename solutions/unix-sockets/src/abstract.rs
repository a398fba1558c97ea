//! Stage 3, `abstract`: a socket with a name that is no file.
//!
//! What is asked: docs/src/labs/unix-sockets.md#abstract

use std::io;
use std::os::unix::net::{UnixListener, UnixStream};
// solution:
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::SocketAddr;
// end

/// Makes a socket that listens at the abstract name `name`: 1 to 107 bytes, of any value.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(name: &[u8]) -> io::Result<UnixListener> {
    // solution: todo!("make a listener at that abstract name; {name:?}")
    let addr = SocketAddr::from_abstract_name(name)?;
    UnixListener::bind_addr(&addr)
    // end
}

/// Connects to the server at the abstract name `name`.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn connect(name: &[u8]) -> io::Result<UnixStream> {
    // solution: todo!("connect to that abstract name; {name:?}")
    let addr = SocketAddr::from_abstract_name(name)?;
    UnixStream::connect_addr(&addr)
    // end
}
