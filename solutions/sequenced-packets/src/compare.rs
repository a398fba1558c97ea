//! Stage 1, `compare`: the same steps over each type of socket.
//!
//! What is asked: docs/src/labs/sequenced-packets.md#compare

use std::io;

use berkeley::SocketType;

use crate::script::{Received, Step};
// solution:
use berkeley::{AF_UNIX, MSG_DONTWAIT, SHUT_WR, Socket, recv, send, shutdown, socketpair};
// end

/// Takes `steps` in their order on two sockets of type `kind` that are connected to each other: one
/// sends, the other receives. Gives what each receive gave, in order.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn take(kind: SocketType, steps: &[Step]) -> io::Result<Vec<Received>> {
    // solution: todo!("make a pair of {kind:?} sockets, take the {} steps on it, and give what each receive gave", steps.len())
    let (sender, receiver) = socketpair(AF_UNIX, kind, 0)?;
    let mut results = Vec::new();
    for step in steps {
        match step {
            // On a stream an empty send is nothing at all; on the others it is a message.
            Step::Send(bytes) => _ = send(&sender, bytes, 0)?,
            Step::Receive(size) => results.push(receive(&receiver, *size)?),
            // The peer of a datagram socket is not told; there is no end to be seen.
            Step::End => shutdown(&sender, SHUT_WR)?,
        }
    }
    Ok(results)
    // end
}

// solution:
/// One receive into a buffer of `size` bytes.
fn receive(socket: &Socket, size: usize) -> io::Result<Received> {
    let mut buffer = vec![0; size];
    // Who would send meanwhile is this very thread: waiting would never end.
    match recv(socket, &mut buffer, MSG_DONTWAIT) {
        Ok(length) => {
            buffer.truncate(length);
            Ok(Received::Bytes(buffer))
        }
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(Received::Nothing),
        Err(error) => Err(error),
    }
}
// end
