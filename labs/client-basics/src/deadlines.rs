//! Stage 5, `deadlines`: as `receive`, within limits of time.
//!
//! What is asked: docs/src/labs/client-basics.md#deadlines

use std::net::SocketAddr;
use std::time::Duration;

use crate::failure::Failure;
use crate::output::Output;

/// How long things may take; `None` is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// `--connect-timeout`: for the connection to be made.
    pub connect: Option<Duration>,
    /// `--read-timeout`: for the server to be silent.
    pub read: Option<Duration>,
    /// `--total-timeout`: for all of it, from the call to the end of the server's stream.
    pub total: Option<Duration>,
}

/// Connects to the server at `addr` and writes to `output` what comes from it, as it comes, to the
/// end of its stream, or until one of `limits` is reached.
pub fn receive(addr: SocketAddr, limits: Limits, output: &Output) -> Result<(), Failure> {
    let _ = (output,);
    todo!("connect to {addr} and print what comes, within {limits:?}")
}
