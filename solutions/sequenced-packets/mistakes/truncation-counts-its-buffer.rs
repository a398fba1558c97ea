//! Trusts that no message is longer than its large buffer.
//!
//! stage: truncation
//! fails: truncation::the_length_told_is_true
//! meant: truncation::the_length_told_is_true
//! says: how many there were

use std::io;

use berkeley::{SO_PASSCRED, Socket, recvmsg, send, setsockopt};

pub fn converse(client: &Socket, max: usize) -> io::Result<()> {
    setsockopt(client, SO_PASSCRED, true)?;
    let mut buffer = vec![0; 65_536];
    loop {
        let message = recvmsg(client, &mut buffer, 0)?;
        let reply = match message.len {
            0 if message.credentials.is_none() => return Ok(()),
            0 => b"EMPTY".to_vec(),
            length if length > max => format!("TOOBIG {length}").into_bytes(),
            length => [b"OK ", &buffer[..length]].concat(),
        };
        send(client, &reply, 0)?;
    }
}
