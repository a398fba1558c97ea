//! Stage 2, `rpc`: a message is a request, a message is its reply.
//!
//! What is asked: docs/src/labs/sequenced-packets.md#rpc

use std::io;

use berkeley::{Addr, Socket};

/// How many bytes a request or a reply may have.
pub const LONGEST_MESSAGE: usize = 65_536;

/// Makes a socket that listens for sequenced packets at `addr`.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(addr: &Addr) -> io::Result<Socket> {
    todo!("make a socket for sequenced packets that listens at {addr:?}")
}

/// Answers a client's requests until its end; [`crate::store::Store`] performs them.
///
/// `main` calls it for each client, in a thread of its own. Returning closes the connection; an
/// error is logged.
pub fn converse(client: &Socket) -> io::Result<()> {
    todo!(
        "receive requests of up to {LONGEST_MESSAGE} bytes from {client:?} until its end, and answer each with one message"
    )
}
