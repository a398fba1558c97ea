//! Stage 4, `pair`: two sockets with one port, and one loop for both.
//!
//! What is asked: docs/src/labs/ipv6.md#pair

use std::io;
use std::net::{Ipv4Addr, SocketAddrV6};

use berkeley::Socket;

/// Two sockets that listen, at the same port.
#[derive(Debug)]
pub struct Pair {
    /// For IPv6 alone.
    pub ipv6: Socket,
    /// For IPv4.
    pub ipv4: Socket,
}

/// Makes both: one on `ipv6`, one on `ipv4` at the same port. With port 0 the kernel chooses one.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(ipv6: SocketAddrV6, ipv4: Ipv4Addr) -> io::Result<Pair> {
    todo!(
        "make one socket that listens on {ipv6} for IPv6 alone, and one on {ipv4} at the same port"
    )
}

/// Tells each client, of either socket, its own address, for ever, in the thread that calls it.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(pair: &Pair) -> io::Result<()> {
    let _ = pair;
    todo!(
        "wait for both sockets at once, accept from the one that has a client, and tell each its line"
    )
}
