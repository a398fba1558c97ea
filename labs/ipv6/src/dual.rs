//! Stage 3, `dual`: one socket for clients of both families.
//!
//! What is asked: docs/src/labs/ipv6.md#dual

use std::io;
use std::net::SocketAddrV6;

use berkeley::Socket;

/// Makes a socket that listens on `addr`, and takes IPv4 clients, too, if that is `[::]`.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(addr: SocketAddrV6) -> io::Result<Socket> {
    todo!(
        "make one socket that listens on {addr} for IPv6 and IPv4, whatever this system does by default"
    )
}

/// Tells one client after another its own address, for ever, and logs the same line on stderr.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &Socket) -> io::Result<()> {
    let _ = listener;
    todo!(
        "accept clients one after another, tell each `ipv4 ADDRESS:PORT` or `ipv6 [ADDRESS]:PORT`, log that, and close"
    )
}
