//! Stage 3, `truncation`: how long it was, and whether it was anything at all.
//!
//! What is asked: docs/src/labs/sequenced-packets.md#truncation

use std::io;

use berkeley::Socket;
// solution:
use berkeley::{MSG_TRUNC, SO_PASSCRED, recvmsg, send, setsockopt};
// end

/// Answers each message of a client until its end: `OK` and the message, if it has 1 to `max` bytes,
/// else `EMPTY`, or `TOOBIG` and its true length.
///
/// `main` calls it for each client, in a thread of its own. Returning closes the connection; an
/// error is logged.
pub fn converse(client: &Socket, max: usize) -> io::Result<()> {
    // solution: todo!("answer messages of up to {max} bytes from {client:?}, tell the length of longer ones, and tell empty ones from the end")
    // From now on the kernel says beside each message who has sent it: unix(7).
    setsockopt(client, SO_PASSCRED, true)?;
    let mut buffer = vec![0; max];
    loop {
        // With MSG_TRUNC the length is the message's own, though the buffer took less of it.
        let message = recvmsg(client, &mut buffer, MSG_TRUNC)?;
        let reply = match message.len {
            // An empty message has a sender, the end has none.
            0 if message.credentials.is_none() => return Ok(()),
            0 => b"EMPTY".to_vec(),
            // The rest of it is gone; there is nothing to read past.
            length if length > max => format!("TOOBIG {length}").into_bytes(),
            length => [b"OK ", &buffer[..length]].concat(),
        };
        send(client, &reply, 0)?;
    }
    // end
}
