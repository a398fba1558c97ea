//! Stage 1, `echo`: return every datagram to its sender.
//!
//! What is asked: docs/src/labs/udp.md#echo

use std::io;
use std::net::{SocketAddr, UdpSocket};

/// Makes a socket that receives at `addr`; with port 0 the kernel chooses one.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(addr: SocketAddr) -> io::Result<UdpSocket> {
    todo!("make a socket that receives at {addr}, and at no other address")
}

/// Returns each datagram to its sender, for ever.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    let _ = socket;
    todo!("receive datagrams one after another and send each of them back to where it came from")
}
