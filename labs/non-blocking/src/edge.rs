//! Stage 4, `edge`: the same on epoll, which says once that something has changed.
//!
//! What is asked: docs/src/labs/non-blocking.md#edge

use std::io;
use std::net::TcpListener;

/// Serves all clients at once, for ever, in the thread that calls it: every byte goes back, and at
/// most `keep` bytes, at least one, are kept for a client that does not read.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: TcpListener, keep: usize) -> io::Result<()> {
    let _ = (listener,);
    todo!(
        "register the listener and each client with a mio::Poll; read and accept until WouldBlock, but at most {keep} bytes are kept, and at most 64 KiB read before the next client's turn"
    )
}
