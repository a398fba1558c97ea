//! Knows the limit before it sends, and asks poll for room first.

use std::io::{self, ErrorKind};
use std::time::{Duration, Instant};

use berkeley::{
    AF_UNIX, Addr, POLLOUT, PollFd, SO_SNDBUF, SOCK_SEQPACKET, Socket, getsockopt, poll,
    set_nonblocking, socket,
};

#[derive(Debug)]
pub enum Fate {
    Sent,
    TooLong { most: usize },
    NoRoom,
}

pub fn connect(addr: &Addr) -> io::Result<Socket> {
    let server = socket(AF_UNIX, SOCK_SEQPACKET, 0)?;
    berkeley::connect(&server, addr)?;
    set_nonblocking(&server, true)?;
    Ok(server)
}

pub fn send(server: &Socket, message: &[u8], wait: Duration) -> io::Result<Fate> {
    let most = getsockopt(server, SO_SNDBUF)? - 32;
    if message.len() > most {
        return Ok(Fate::TooLong { most });
    }
    let began = Instant::now();
    loop {
        let mut fds = [PollFd::new(server, POLLOUT)];
        if poll(&mut fds, Some(wait.saturating_sub(began.elapsed())))? == 0 {
            return Ok(Fate::NoRoom);
        }
        match berkeley::send(server, message, 0) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            sent => return sent.map(|_| Fate::Sent),
        }
    }
}
