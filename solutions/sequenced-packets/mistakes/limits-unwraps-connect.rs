//! Panics when nobody listens.
//!
//! stage: limits
//! fails: limits::nobody_there_is_told
//! meant: limits::nobody_there_is_told
//! says: not an accident

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
    berkeley::connect(&server, addr).unwrap();
    Ok(server)
}

pub fn send(server: &Socket, message: &[u8], wait: Duration) -> io::Result<Fate> {
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
