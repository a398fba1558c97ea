//! Says nothing to an empty message.
//!
//! stage: truncation
//! fails: truncation::an_empty_message_is_answered
//!        truncation::empty_messages_before_the_end_are_answered
//! meant: truncation::an_empty_message_is_answered
//! says: answer EMPTY to it and go on

use std::io;

use berkeley::{MSG_TRUNC, SO_PASSCRED, Socket, recvmsg, send, setsockopt};

pub fn converse(client: &Socket, max: usize) -> io::Result<()> {
    setsockopt(client, SO_PASSCRED, true)?;
    let mut buffer = vec![0; max];
    loop {
        let message = recvmsg(client, &mut buffer, MSG_TRUNC)?;
        let reply = match message.len {
            0 if message.credentials.is_none() => return Ok(()),
            0 => continue,
            length if length > max => format!("TOOBIG {length}").into_bytes(),
            length => [b"OK ", &buffer[..length]].concat(),
        };
        send(client, &reply, 0)?;
    }
}
