//! Answers the end once more.
//!
//! stage: truncation
//! fails: truncation::the_end_is_no_message
//!        truncation::empty_messages_before_the_end_are_answered
//! meant: truncation::the_end_is_no_message
//! says: that gets no reply

use std::io;

use berkeley::{MSG_TRUNC, SO_PASSCRED, Socket, recvmsg, send, setsockopt};

pub fn converse(client: &Socket, max: usize) -> io::Result<()> {
    setsockopt(client, SO_PASSCRED, true)?;
    let mut buffer = vec![0; max];
    loop {
        let message = recvmsg(client, &mut buffer, MSG_TRUNC)?;
        let reply = match message.len {
            0 if message.credentials.is_none() => {
                send(client, b"EMPTY", 0)?;
                return Ok(());
            }
            0 => b"EMPTY".to_vec(),
            length if length > max => format!("TOOBIG {length}").into_bytes(),
            length => [b"OK ", &buffer[..length]].concat(),
        };
        send(client, &reply, 0)?;
    }
}
