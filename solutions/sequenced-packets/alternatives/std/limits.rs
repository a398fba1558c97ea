//! Lets the kernel keep the time: a send that waits, with SO_SNDTIMEO.

use std::io;
use std::time::Duration;

use berkeley::{
    AF_UNIX, Addr, MSG_DONTWAIT, SO_SNDBUF, SO_SNDTIMEO, SOCK_SEQPACKET, Socket, errno, getsockopt,
    setsockopt, socket,
};

#[derive(Debug)]
pub enum Fate {
    Sent,
    TooLong { most: usize },
    NoRoom,
}

pub fn connect(addr: &Addr) -> io::Result<Socket> {
    let fd = socket(AF_UNIX, SOCK_SEQPACKET, 0)?;
    berkeley::connect(&fd, addr).map(|()| fd)
}

pub fn send(server: &Socket, message: &[u8], wait: Duration) -> io::Result<Fate> {
    let sent = if wait.is_zero() {
        berkeley::send(server, message, MSG_DONTWAIT)
    } else {
        setsockopt(server, SO_SNDTIMEO, Some(wait))?;
        berkeley::send(server, message, 0)
    };
    match sent.map_err(|error| (error.raw_os_error(), error)) {
        Ok(_) => Ok(Fate::Sent),
        Err((Some(errno::EAGAIN), _)) => Ok(Fate::NoRoom),
        Err((Some(errno::EMSGSIZE), _)) => Ok(Fate::TooLong {
            most: getsockopt(server, SO_SNDBUF)? - 32,
        }),
        Err((_, error)) => Err(error),
    }
}
