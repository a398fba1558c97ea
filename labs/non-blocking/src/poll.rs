//! Stage 2, `poll`: one thread, many clients; it sleeps in one place only.
//!
//! What is asked: docs/src/labs/non-blocking.md#poll

use std::io;
use std::net::TcpListener;

/// Serves all clients at once, for ever, in the thread that calls it: every byte goes back.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    todo!(
        "make the listener non-blocking; poll it beside every client, and do for each what it is ready for"
    )
}
