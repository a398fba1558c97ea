//! Takes the end for an empty message.
//!
//! stage: truncation
//! fails: truncation::the_end_is_no_message
//!        truncation::empty_messages_before_the_end_are_answered
//! meant: truncation::the_end_is_no_message
//! says: no message came with it

use std::io;

use berkeley::{MSG_TRUNC, Socket, recv, send};

pub fn converse(client: &Socket, max: usize) -> io::Result<()> {
    let mut buffer = vec![0; max];
    loop {
        let reply = match recv(client, &mut buffer, MSG_TRUNC)? {
            0 => b"EMPTY".to_vec(),
            length if length > max => format!("TOOBIG {length}").into_bytes(),
            length => [b"OK ", &buffer[..length]].concat(),
        };
        send(client, &reply, 0)?;
    }
}
