//! Stage 3, `truncation`: how long it was, and whether it was anything at all.
//!
//! What is asked: docs/src/labs/sequenced-packets.md#truncation

use std::io;

use berkeley::Socket;

/// Answers each message of a client until its end: `OK` and the message, if it has 1 to `max` bytes,
/// else `EMPTY`, or `TOOBIG` and its true length.
///
/// `main` calls it for each client, in a thread of its own. Returning closes the connection; an
/// error is logged.
pub fn converse(client: &Socket, max: usize) -> io::Result<()> {
    todo!(
        "answer messages of up to {max} bytes from {client:?}, tell the length of longer ones, and tell empty ones from the end"
    )
}
