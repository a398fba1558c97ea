//! Stage 3, `ask`: ask again, wait longer each time, and stop.
//!
//! What is asked: docs/src/labs/udp.md#ask

use std::net::SocketAddr;

use crate::arguments::Retry;
use crate::failure::Failure;

/// Asks the server at `server` to perform `operation`, a request without its id, and gives the
/// value of its answer. Sends again as `retry` says.
pub fn ask(server: SocketAddr, operation: &[u8], retry: Retry) -> Result<Vec<u8>, Failure> {
    let _ = operation;
    todo!(
        "send the operation to {server} behind an id, wait for the answer with that id, and send again: {retry:?}"
    )
}
