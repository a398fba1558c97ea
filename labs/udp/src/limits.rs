//! Stage 5, `limits`: know when a datagram did not fit.
//!
//! What is asked: docs/src/labs/udp.md#limits

use std::io;
use std::net::UdpSocket;

/// How many bytes a request may have.
pub const LIMIT: usize = 512;

/// Answers each request, for ever, and refuses those of more than [`LIMIT`] bytes;
/// [`crate::store::Store`] performs operations.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    let _ = socket;
    todo!(
        "receive requests, answer those of up to {LIMIT} bytes, and tell the length of longer ones"
    )
}
