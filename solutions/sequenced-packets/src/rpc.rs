//! Stage 2, `rpc`: a message is a request, a message is its reply.
//!
//! What is asked: docs/src/labs/sequenced-packets.md#rpc

use std::io;

use berkeley::{Addr, Socket};
// solution:
use berkeley::{AF_UNIX, SOCK_SEQPACKET, listen, recv, send, socket};

use crate::store::Store;
// end

/// How many bytes a request or a reply may have.
pub const LONGEST_MESSAGE: usize = 65_536;

/// Makes a socket that listens for sequenced packets at `addr`.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(addr: &Addr) -> io::Result<Socket> {
    // solution: todo!("make a socket for sequenced packets that listens at {addr:?}")
    let listener = socket(AF_UNIX, SOCK_SEQPACKET, 0)?;
    berkeley::bind(&listener, addr)?;
    listen(&listener, BACKLOG)?;
    Ok(listener)
    // end
}

/// Answers a client's requests until its end; [`crate::store::Store`] performs them.
///
/// `main` calls it for each client, in a thread of its own. Returning closes the connection; an
/// error is logged.
pub fn converse(client: &Socket) -> io::Result<()> {
    // solution: todo!("receive requests of up to {LONGEST_MESSAGE} bytes from {client:?} until its end, and answer each with one message")
    // Made here, the values live as long as this conversation, and nobody else sees them.
    let mut store = Store::new();
    let mut buffer = vec![0; LONGEST_MESSAGE];
    loop {
        // One receive is one request, whole: nothing to search for, nothing to keep.
        let length = recv(client, &mut buffer, 0)?;
        // No request is empty, so this is the end.
        if length == 0 {
            return Ok(());
        }
        // One send is one reply. It waits while the client has no room for it.
        send(client, &store.perform(&buffer[..length]), 0)?;
    }
    // end
}

// solution:
/// How many clients may wait to be accepted.
const BACKLOG: i32 = 128;
// end
