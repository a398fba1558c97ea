//! Answers with as much of a long message as fits.
//!
//! stage: truncation
//! fails: truncation::what_is_too_long_is_told
//!        truncation::the_length_told_is_true
//!        truncation::nothing_is_left_of_it
//! meant: truncation::what_is_too_long_is_told
//! says: drops the rest of the message without a word

use std::io;

use berkeley::{SO_PASSCRED, Socket, recvmsg, send, setsockopt};

pub fn converse(client: &Socket, max: usize) -> io::Result<()> {
    setsockopt(client, SO_PASSCRED, true)?;
    let mut buffer = vec![0; max];
    loop {
        let message = recvmsg(client, &mut buffer, 0)?;
        let reply = match message.len {
            0 if message.credentials.is_none() => return Ok(()),
            0 => b"EMPTY".to_vec(),
            length => [b"OK ", &buffer[..length]].concat(),
        };
        send(client, &reply, 0)?;
    }
}
