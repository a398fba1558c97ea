//! Stage 4, `limits`: a message goes whole, or it is known why not.
//!
//! What is asked: docs/src/labs/sequenced-packets.md#limits

use std::io;
use std::time::Duration;

use berkeley::{Addr, Socket};
// solution:
use std::time::Instant;

use berkeley::{
    AF_UNIX, MSG_DONTWAIT, POLLOUT, PollFd, SO_SNDBUF, SOCK_SEQPACKET, errno, getsockopt, poll,
    socket,
};
// end

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is in the queue, whole.
    Sent,
    /// It is longer than this socket can send at all; none of it was sent.
    TooLong {
        /// How many bytes a message may have on this socket.
        most: usize,
    },
    /// There was no room for it in time; none of it was sent.
    NoRoom,
}

/// Connects to the server of sequenced packets at `addr`.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn connect(addr: &Addr) -> io::Result<Socket> {
    // solution: todo!("make a socket for sequenced packets and connect it to {addr:?}")
    let server = socket(AF_UNIX, SOCK_SEQPACKET, 0)?;
    berkeley::connect(&server, addr)?;
    Ok(server)
    // end
}

/// Sends one message. While the queue is full it waits, up to `wait`.
///
/// `main` calls it for each message, prints what became of it, and ends after
/// [`Fate::NoRoom`]. An error ends the program with exit code 1.
pub fn send(server: &Socket, message: &[u8], wait: Duration) -> io::Result<Fate> {
    // solution: todo!("send the {} bytes to {server:?} as one message, within {wait:?}", message.len())
    let deadline = Instant::now() + wait;
    loop {
        match berkeley::send(server, message, MSG_DONTWAIT) {
            // Whole or not at all: there is no short send to be continued.
            Ok(_) => return Ok(Fate::Sent),
            Err(error) if error.raw_os_error() == Some(errno::EMSGSIZE) => {
                let most = getsockopt(server, SO_SNDBUF)?.saturating_sub(OVERHEAD);
                return Ok(Fate::TooLong { most });
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(Fate::NoRoom);
        }
        // Sleeps until there is room, or the time has passed, or the server has gone, which the next
        // send tells.
        poll(&mut [PollFd::new(server, POLLOUT)], Some(left))?;
    }
    // end
}

// solution:
/// What the kernel keeps of the send buffer for itself, in bytes: unix(7), SO_SNDBUF.
const OVERHEAD: usize = 32;
// end
