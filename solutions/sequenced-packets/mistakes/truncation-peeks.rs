//! Looks at a long message and leaves it in the queue.
//!
//! stage: truncation
//! fails: truncation::what_is_too_long_is_told
//!        truncation::the_length_told_is_true
//!        truncation::nothing_is_left_of_it
//! meant: truncation::nothing_is_left_of_it
//! says: takes the whole message out of the queue

use std::io;

use berkeley::{MSG_PEEK, MSG_TRUNC, SO_PASSCRED, Socket, recv, recvmsg, send, setsockopt};

pub fn converse(client: &Socket, max: usize) -> io::Result<()> {
    setsockopt(client, SO_PASSCRED, true)?;
    let mut buffer = vec![0; max];
    loop {
        let peeked = recv(client, &mut [], MSG_PEEK | MSG_TRUNC)?;
        if peeked > max {
            send(client, format!("TOOBIG {peeked}").as_bytes(), 0)?;
            continue;
        }
        let message = recvmsg(client, &mut buffer, MSG_TRUNC)?;
        let reply = match message.len {
            0 if message.credentials.is_none() => return Ok(()),
            0 => b"EMPTY".to_vec(),
            length if length > max => format!("TOOBIG {length}").into_bytes(),
            length => [b"OK ", &buffer[..length]].concat(),
        };
        send(client, &reply, 0)?;
    }
}
