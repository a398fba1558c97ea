//! Ends the conversation after a long message.
//!
//! stage: truncation
//! fails: truncation::what_is_too_long_is_told
//!        truncation::the_length_told_is_true
//!        truncation::nothing_is_left_of_it
//! meant: truncation::nothing_is_left_of_it
//! says: what the next receive gives is the next message

use std::io;

use berkeley::{MSG_TRUNC, SO_PASSCRED, Socket, recvmsg, send, setsockopt};

pub fn converse(client: &Socket, max: usize) -> io::Result<()> {
    setsockopt(client, SO_PASSCRED, true)?;
    let mut buffer = vec![0; max];
    loop {
        let message = recvmsg(client, &mut buffer, MSG_TRUNC)?;
        let reply = match message.len {
            0 if message.credentials.is_none() => return Ok(()),
            0 => b"EMPTY".to_vec(),
            length if length > max => format!("TOOBIG {length}").into_bytes(),
            length => [b"OK ", &buffer[..length]].concat(),
        };
        send(client, &reply, 0)?;
        if message.len > max {
            return Ok(());
        }
    }
}
