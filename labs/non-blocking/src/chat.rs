//! Stage 6, `chat`: clients that have to do with each other.
//!
//! What is asked: docs/src/labs/non-blocking.md#chat

use std::io;
use std::net::TcpListener;
use std::time::Duration;

/// What the server grants to clients.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many bytes are kept for a client that does not read, at least one.
    pub keep: usize,
    /// How long a client may be silent; never zero.
    pub idle: Duration,
}

/// Serves one room for ever, in the thread that calls it: what one client says, the others hear.
/// Its words are in [`crate::protocol`].
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &TcpListener, limits: Limits) -> io::Result<()> {
    let _ = listener;
    todo!("poll the listener and all clients; pass each line on to the others, within {limits:?}")
}
