//! Stage 5, `dig`: ask a server, and believe only its answer.
//!
//! What is asked: docs/src/labs/hostname-dns.md#dig

use std::net::SocketAddr;

use crate::record::Type;
use crate::reply::{Patience, Reply, Trouble};

/// Asks `server` for the records of type `qtype` that `name` has: over UDP, and over TCP when the
/// answer is too long for that.
pub fn ask(
    server: SocketAddr,
    name: &str,
    qtype: Type,
    patience: Patience,
) -> Result<Reply, Trouble> {
    todo!(
        "ask {server} for the {qtype} records of {name:?}, with {patience:?}, and wait for the answer to just that"
    )
}
