//! Stage 6, `netcat`: stdin to the server and the server to stdout, both at once.
//!
//! What is asked: docs/src/labs/client-basics.md#netcat

use std::fs::File;
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

/// Sends what comes from `input` and writes what the server sends to `output`, both as it comes.
///
/// The end of `input` half-closes the connection; the server's end of stream ends it.
pub fn exchange(stream: TcpStream, input: File, output: &Output) -> Result<(), Failure> {
    let _ = (stream, input, output);
    todo!("send stdin and print what comes, both at once, until the server's end")
}
