//! Stage 1, `receive`: print what a server has to say, to its end.
//!
//! What is asked: docs/src/labs/client-basics.md#receive

use std::io;
use std::net::{SocketAddr, TcpStream};

use crate::failure::Failure;
use crate::output::Output;

/// Connects to the server at `addr`.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    todo!("connect to the server at {addr}")
}

/// Writes to `output` what comes from the server, as it comes, to the end of its stream.
pub fn receive(stream: &TcpStream, output: &Output) -> Result<(), Failure> {
    let _ = (stream, output);
    todo!("print what the server sends as it comes, until read returns 0")
}
