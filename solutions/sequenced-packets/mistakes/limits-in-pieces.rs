//! Sends a long message in pieces.
//!
//! stage: limits
//! fails: limits::a_message_too_long_is_told
//!        limits::just_under_and_just_over
//! meant: limits::just_under_and_just_over
//! says: pass on whole what it takes

use std::io;
use std::time::{Duration, Instant};

use berkeley::{
    AF_UNIX, Addr, MSG_DONTWAIT, POLLOUT, PollFd, SO_SNDBUF, SOCK_SEQPACKET, Socket, errno,
    getsockopt, poll, socket,
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
    let mut fate = Fate::Sent;
    for piece in message
        .chunks(65_536)
        .chain(message.is_empty().then_some(message))
    {
        fate = send_piece(server, piece, wait)?;
    }
    Ok(fate)
}

fn send_piece(server: &Socket, message: &[u8], wait: Duration) -> io::Result<Fate> {
    let deadline = Instant::now() + wait;
    loop {
        match berkeley::send(server, message, MSG_DONTWAIT) {
            Ok(_) => return Ok(Fate::Sent),
            Err(error) if error.raw_os_error() == Some(errno::EMSGSIZE) => {
                let most = getsockopt(server, SO_SNDBUF)? - 32;
                return Ok(Fate::TooLong { most });
            }
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
