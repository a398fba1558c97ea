//! Stage 5, `traceroute`: which routers lead to a host, from their refusals.
//!
//! What is asked: docs/src/labs/raw-sockets.md#traceroute

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

/// Whom to look for, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Where the way leads to.
    pub target: Ipv4Addr,
    /// The port of the first probe; each other one has the next.
    pub first_port: u16,
    /// How many hops at most.
    pub hops: u8,
    /// How many probes for each hop.
    pub tries: u8,
    /// How long to wait for an answer to each.
    pub wait: Duration,
}

/// What came upon a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Nothing, in its time.
    Silence,
    /// This router had it when its time to live was over.
    Router(Ipv4Addr),
    /// It came to a host, where nobody has the port.
    Arrived(Ipv4Addr),
    /// Somebody could not deliver it, for the reason of that code.
    Unreachable(Ipv4Addr, u8),
}

/// Sends probes with a rising time to live, says for each hop what came upon its probes, and at last
/// whether the target was reached.
pub fn trace(
    plan: &Plan,
    tell: &mut impl FnMut(u8, &[Answer]) -> io::Result<()>,
) -> io::Result<bool> {
    let _ = tell;
    todo!(
        "hop by hop, send datagrams to ports of their own, and learn from the ICMP that quotes them who had them: {plan:?}"
    )
}
