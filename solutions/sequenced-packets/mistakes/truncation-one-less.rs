//! Takes a message of --max bytes for too long.
//!
//! stage: truncation
//! fails: truncation::what_fits_comes_back
//!        truncation::what_is_too_long_is_told
//!        truncation::the_length_told_is_true
//!        truncation::nothing_is_left_of_it
//!        truncation::the_end_is_no_message
//!        truncation::empty_messages_before_the_end_are_answered
//! meant: truncation::what_fits_comes_back
//! says: are not too many

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
            length if length >= max => format!("TOOBIG {length}").into_bytes(),
            length => [b"OK ", &buffer[..length]].concat(),
        };
        send(client, &reply, 0)?;
    }
}
