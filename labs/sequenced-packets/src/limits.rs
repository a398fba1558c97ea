//! Stage 4, `limits`: a message goes whole, or it is known why not.
//!
//! What is asked: docs/src/labs/sequenced-packets.md#limits

use std::io;
use std::time::Duration;

use berkeley::{Addr, Socket};

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
    todo!("make a socket for sequenced packets and connect it to {addr:?}")
}

/// Sends one message. While the queue is full it waits, up to `wait`.
///
/// `main` calls it for each message, prints what became of it, and ends after
/// [`Fate::NoRoom`]. An error ends the program with exit code 1.
pub fn send(server: &Socket, message: &[u8], wait: Duration) -> io::Result<Fate> {
    todo!(
        "send the {} bytes to {server:?} as one message, within {wait:?}",
        message.len()
    )
}
