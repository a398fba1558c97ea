//! Receives the rest of a long message, as from a stream.
//!
//! stage: truncation
//! fails: truncation::nothing_is_left_of_it
//! meant: truncation::nothing_is_left_of_it
//! says: there is no rest to read

use std::io;

use berkeley::{MSG_DONTWAIT, MSG_TRUNC, SO_PASSCRED, Socket, recv, recvmsg, send, setsockopt};

pub fn converse(client: &Socket, max: usize) -> io::Result<()> {
    setsockopt(client, SO_PASSCRED, true)?;
    let mut buffer = vec![0; max];
    loop {
        let message = recvmsg(client, &mut buffer, MSG_TRUNC)?;
        let mut rest = message.len.saturating_sub(max);
        while rest > 0 {
            rest =
                rest.saturating_sub(recv(client, &mut vec![0; rest], MSG_DONTWAIT).unwrap_or(rest));
        }
        let reply = match message.len {
            0 if message.credentials.is_none() => return Ok(()),
            0 => b"EMPTY".to_vec(),
            length if length > max => format!("TOOBIG {length}").into_bytes(),
            length => [b"OK ", &buffer[..length]].concat(),
        };
        send(client, &reply, 0)?;
    }
}
