//! Takes an empty message for the end.
//!
//! stage: truncation
//! fails: truncation::an_empty_message_is_answered
//!        truncation::empty_messages_before_the_end_are_answered
//! meant: truncation::an_empty_message_is_answered
//! says: 0 bytes can be a message

use std::io;

use berkeley::{MSG_TRUNC, Socket, recv, send};

pub fn converse(client: &Socket, max: usize) -> io::Result<()> {
    let mut buffer = vec![0; max];
    loop {
        let reply = match recv(client, &mut buffer, MSG_TRUNC)? {
            0 => return Ok(()),
            length if length > max => format!("TOOBIG {length}").into_bytes(),
            length => [b"OK ", &buffer[..length]].concat(),
        };
        send(client, &reply, 0)?;
    }
}
