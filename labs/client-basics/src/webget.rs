//! Stage 4, `webget`: get a page by HTTP/1.1 (RFC 9112).
//!
//! What is asked: docs/src/labs/client-basics.md#webget

use std::io;
use std::net::{SocketAddr, TcpStream};

use crate::failure::Failure;
use crate::output::Output;

/// What a URL says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Where to connect to.
    pub addr: SocketAddr,
    /// What the field `Host` is to hold: the host as the URL has it, and the port if it is not 80.
    pub host: String,
    /// What to ask for: path and query.
    pub path: String,
}

/// Takes a URL apart. The error is a sentence for who typed it, and is a usage error.
pub fn parse(url: &str) -> Result<Target, String> {
    todo!("take {url:?} apart: http://HOST[:PORT][/PATH][?QUERY], where HOST is 127.0.0.1 or [::1]")
}

/// Connects to the server at `addr`.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    todo!("connect to the server at {addr}")
}

/// Asks for `target`, writes the body of the response to `output` and its status line to stderr.
pub fn get(stream: &TcpStream, target: &Target, output: &Output) -> Result<(), Failure> {
    let _ = (stream, output);
    todo!(
        "ask {} for {} and print what comes",
        target.host,
        target.path
    )
}
