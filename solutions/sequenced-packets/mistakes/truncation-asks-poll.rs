//! Takes 0 for the end when the client will send no more.
//!
//! stage: truncation
//! fails: truncation::empty_messages_before_the_end_are_answered
//! meant: truncation::empty_messages_before_the_end_are_answered
//! says: POLLRDHUP

use std::io;
use std::time::Duration;

use berkeley::{MSG_TRUNC, POLLRDHUP, PollFd, Socket, poll, recv, send};

pub fn converse(client: &Socket, max: usize) -> io::Result<()> {
    let mut buffer = vec![0; max];
    loop {
        let reply = match recv(client, &mut buffer, MSG_TRUNC)? {
            0 if has_finished(client)? => return Ok(()),
            0 => b"EMPTY".to_vec(),
            length if length > max => format!("TOOBIG {length}").into_bytes(),
            length => [b"OK ", &buffer[..length]].concat(),
        };
        send(client, &reply, 0)?;
    }
}

fn has_finished(client: &Socket) -> io::Result<bool> {
    let mut fds = [PollFd::new(client, POLLRDHUP)];
    poll(&mut fds, Some(Duration::ZERO))?;
    Ok(fds[0].revents.contains(POLLRDHUP))
}
