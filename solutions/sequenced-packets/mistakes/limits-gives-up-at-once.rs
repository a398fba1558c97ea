//! Gives up as soon as the queue is full.
//!
//! stage: limits
//! fails: limits::a_full_queue_is_waited_for
//!        limits::no_room_in_time_is_told
//! meant: limits::no_room_in_time_is_told
//! says: nor make you give up at once

use std::io;
use std::time::Duration;

use berkeley::{
    AF_UNIX, Addr, MSG_DONTWAIT, SO_SNDBUF, SOCK_SEQPACKET, Socket, errno, getsockopt, socket,
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
    let _ = wait;
    match berkeley::send(server, message, MSG_DONTWAIT) {
        Err(error) if error.raw_os_error() == Some(errno::EMSGSIZE) => {
            let most = getsockopt(server, SO_SNDBUF)? - 32;
            Ok(Fate::TooLong { most })
        }
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(Fate::NoRoom),
        sent => sent.map(|_| Fate::Sent),
    }
}
