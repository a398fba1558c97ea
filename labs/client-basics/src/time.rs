//! Stage 2, `time`: ask a server for the time (RFC 868).
//!
//! What is asked: docs/src/labs/client-basics.md#time

use std::io;
use std::net::{SocketAddr, TcpStream};

use crate::failure::Failure;

/// Connects to the server at `addr`.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    todo!("connect to the server at {addr}")
}

/// The server's time in seconds since 1 January 1970, which `main` prints.
pub fn seconds(stream: &TcpStream) -> Result<i64, Failure> {
    let _ = (stream,);
    todo!("read 4 bytes and make them seconds since 1970")
}
