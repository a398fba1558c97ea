//! Sends the line end too.
//!
//! stage: limits
//! fails: limits::each_line_is_a_message
//!        limits::a_message_too_long_is_told
//!        limits::just_under_and_just_over
//!        limits::a_full_queue_is_waited_for
//!        limits::no_room_in_time_is_told
//!        limits::a_server_that_is_gone_is_told
//! meant: limits::each_line_is_a_message
//! says: without its line end

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
    let message = [message, b"\n"].concat();
    let deadline = Instant::now() + wait;
    loop {
        match berkeley::send(server, &message, MSG_DONTWAIT) {
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
