//! Stage 3, `backpressure`: who does not read is not read from either.
//!
//! What is asked: docs/src/labs/non-blocking.md#backpressure

use std::io;
use std::net::TcpListener;

/// Serves all clients at once, for ever, in the thread that calls it: every byte goes back, and at
/// most `keep` bytes, at least one, are kept for a client that does not read.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &TcpListener, keep: usize) -> io::Result<()> {
    let _ = listener;
    todo!(
        "serve as poll does, and read from a client only while fewer than {keep} bytes are kept for it"
    )
}
