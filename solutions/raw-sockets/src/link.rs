//! What carries messages of ICMP to the network and back, whatever the socket. Given.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

/// A clock, and a way to the network and back.
pub trait Link {
    /// How much time has passed since some moment before.
    fn now(&self) -> Duration;

    /// Sends a message of ICMP to the target.
    fn send(&mut self, message: &[u8]) -> io::Result<()>;

    /// The next message that has come, or comes until `until` on the clock of [`Self::now`];
    /// nothing when none does. One that has come already is given though `until` is past.
    fn receive(&mut self, until: Duration) -> io::Result<Option<Message>>;
}

/// A message that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who sent it.
    pub from: Ipv4Addr,
    /// The message of ICMP: no IP header before it. It may be anybody's, and broken.
    pub bytes: Vec<u8>,
}
