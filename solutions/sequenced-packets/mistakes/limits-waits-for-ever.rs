//! Waits for room as long as it takes.
//!
//! stage: limits
//! fails: limits::no_room_in_time_is_told
//! meant: limits::no_room_in_time_is_told
//! says: must not hold you for ever

use std::io;
use std::time::Duration;

use berkeley::{AF_UNIX, Addr, SO_SNDBUF, SOCK_SEQPACKET, Socket, errno, getsockopt, socket};

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
    match berkeley::send(server, message, 0) {
        Err(error) if error.raw_os_error() == Some(errno::EMSGSIZE) => {
            let most = getsockopt(server, SO_SNDBUF)? - 32;
            Ok(Fate::TooLong { most })
        }
        sent => sent.map(|_| Fate::Sent),
    }
}
