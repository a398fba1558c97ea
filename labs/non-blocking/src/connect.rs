//! Stage 5, `connect`: many connections at once, and what became of each.
//!
//! What is asked: docs/src/labs/non-blocking.md#connect

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// What became of a connection.
#[derive(Debug)]
pub enum Verdict {
    /// It was made.
    Open,
    /// It was refused, or could not be made for another reason.
    Closed(io::Error),
    /// There was no answer until the deadline.
    Silent,
}

/// Connects to all `targets` at once, in the thread that calls it, and gives a verdict for each, in
/// their order: as soon as the last is known, or when `deadline` has passed since the call.
///
/// An error: this machine cannot do it at all.
pub fn connect_all(targets: &[SocketAddr], deadline: Duration) -> io::Result<Vec<Verdict>> {
    todo!(
        "begin to connect to all of {targets:?} without waiting, then poll them all until each has a verdict or {deadline:?} have passed"
    )
}
