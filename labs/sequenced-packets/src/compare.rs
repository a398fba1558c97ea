//! Stage 1, `compare`: the same steps over each type of socket.
//!
//! What is asked: docs/src/labs/sequenced-packets.md#compare

use std::io;

use berkeley::SocketType;

use crate::script::{Received, Step};

/// Takes `steps` in their order on two sockets of type `kind` that are connected to each other: one
/// sends, the other receives. Gives what each receive gave, in order.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn take(kind: SocketType, steps: &[Step]) -> io::Result<Vec<Received>> {
    todo!(
        "make a pair of {kind:?} sockets, take the {} steps on it, and give what each receive gave",
        steps.len()
    )
}
