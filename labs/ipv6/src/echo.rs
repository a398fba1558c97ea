//! Stage 2, `echo`: serve at an IPv6 address, and name clients so that they can be found again.
//!
//! What is asked: docs/src/labs/ipv6.md#echo

use std::io;
use std::net::{SocketAddrV6, TcpListener};

/// Makes a socket that listens on `addr`; with port 0 the kernel chooses one.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(addr: SocketAddrV6) -> io::Result<TcpListener> {
    todo!("make a listener on {addr}, and on no other address")
}

/// Serves one client after another, for ever: names it on stderr, and returns every byte until the
/// end of its stream.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    todo!(
        "accept clients one after another, log each as `client [ADDRESS]:PORT`, and send back what it sends"
    )
}
