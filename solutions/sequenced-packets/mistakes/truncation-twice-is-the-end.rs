//! Takes 0 for the end when it comes twice.
//!
//! stage: truncation
//! fails: truncation::empty_messages_before_the_end_are_answered
//! meant: truncation::empty_messages_before_the_end_are_answered
//! says: or that 0 comes twice

use std::io;

use berkeley::{MSG_DONTWAIT, MSG_PEEK, MSG_TRUNC, Socket, recv, send};

pub fn converse(client: &Socket, max: usize) -> io::Result<()> {
    let mut buffer = vec![0; max];
    loop {
        let reply = match recv(client, &mut buffer, MSG_TRUNC)? {
            // Only the end is still there at the second look.
            0 if matches!(recv(client, &mut [0], MSG_PEEK | MSG_DONTWAIT), Ok(0)) => {
                return Ok(());
            }
            0 => b"EMPTY".to_vec(),
            length if length > max => format!("TOOBIG {length}").into_bytes(),
            length => [b"OK ", &buffer[..length]].concat(),
        };
        send(client, &reply, 0)?;
    }
}
