//! Stage 3, `converse`: send lines and print the replies, both at their own pace.
//!
//! What is asked: docs/src/labs/client-basics.md#converse

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

/// Sends each line of `requests`, half-closes behind the last one, and writes what comes back to
/// `replies`, to the end of the server's stream.
pub fn converse(stream: TcpStream, requests: File, replies: &Output) -> Result<(), Failure> {
    let _ = (stream, requests, replies);
    todo!(
        "send the lines of stdin and print the replies, both at once; then see that no reply is missing"
    )
}
