//! Sends as much of a message as fits one.
//!
//! stage: limits
//! fails: limits::a_message_too_long_is_told
//!        limits::just_under_and_just_over
//! meant: limits::a_message_too_long_is_told
//! says: A message goes whole or not at all

use std::io;
use std::time::{Duration, Instant};

use berkeley::{
    AF_UNIX, Addr, MSG_DONTWAIT, POLLOUT, PollFd, SO_SNDBUF, SOCK_SEQPACKET, Socket, getsockopt,
    poll, socket,
};

pub enum Fate {
    Sent,
    TooLong { most: usize },
    NoRoom,
}

pub fn connect(addr: &Addr) -> io::Result<Socket> {
    let server = socket(AF_UNIX, SOCK_SEQPACKET, 0)?;
    berkeley::connect(&server, addr)?;
    Ok(server)
}

pub fn send(server: &Socket, message: &[u8], wait: Duration) -> io::Result<Fate> {
    let most = getsockopt(server, SO_SNDBUF)? - 32;
    let message = &message[..message.len().min(most)];
    let deadline = Instant::now() + wait;
    loop {
        match berkeley::send(server, message, MSG_DONTWAIT) {
            Ok(_) => return Ok(Fate::Sent),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(Fate::NoRoom);
        }
        poll(&mut [PollFd::new(server, POLLOUT)], Some(left))?;
    }
}
