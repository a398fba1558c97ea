//! Stage 2, `ping`: measure the way to an echo server and back.
//!
//! What is asked: docs/src/labs/udp.md#ping

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use crate::failure::Failure;

/// How often to probe, and how long to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// How many probes to send, 1 to 1000.
    pub count: u32,
    /// From the sending of each probe to the sending of the next; may be zero.
    pub interval: Duration,
    /// How long after its sending a probe without a reply is lost; never zero.
    pub wait: Duration,
}

/// Probes the echo server at `server`, and writes a line for each probe and a summary to `out`.
///
/// Succeeds if there was a reply. Otherwise the failure says why not: nobody receives there, or
/// the deadline of every probe has passed.
pub fn run(server: SocketAddr, plan: &Plan, out: &mut dyn Write) -> Result<(), Failure> {
    let _ = out;
    todo!("send probes to {server} and match its replies with them: {plan:?}")
}
