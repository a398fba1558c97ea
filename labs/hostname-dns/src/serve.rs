//! Stage 6, `serve`: be the authority for a zone.
//!
//! What is asked: docs/src/labs/hostname-dns.md#serve

use std::io;
use std::net::{TcpListener, UdpSocket};

use crate::zone::Zone;

/// Answers questions about `zone` for ever, over UDP and TCP at the same time.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(udp: &UdpSocket, tcp: &TcpListener, zone: &Zone) -> io::Result<()> {
    let _ = (udp, tcp);
    todo!(
        "answer questions about {} that come as datagrams and over connections",
        zone.name
    )
}
