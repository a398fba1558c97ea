//! Stage 4, `ping`: the sockets that carry ICMP, a ping socket or a raw one.
//!
//! What is asked: docs/src/labs/raw-sockets.md#ping

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use crate::link::{Link, Message};

/// Which of the two it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A ping socket, icmp(7).
    Ping,
    /// A raw socket, raw(7).
    Raw,
}

/// A socket for messages of ICMP to one target.
#[derive(Debug)]
pub struct Wire {}

impl Wire {
    /// A ping socket where this process may have one, else a raw one. When it may have neither, the
    /// error says what to do about it.
    pub fn open(target: Ipv4Addr) -> io::Result<Self> {
        todo!(
            "make a ping socket and learn its id, or a raw socket, or explain what is missing; {target}"
        )
    }

    /// Which kind of socket it has.
    pub fn kind(&self) -> Kind {
        todo!("tell which of the two open made")
    }

    /// The id that requests over this socket must have.
    pub fn id(&self) -> u16 {
        todo!("tell the id: the kernel chose it for a ping socket, you for a raw one")
    }
}

impl Link for Wire {
    fn now(&self) -> Duration {
        todo!("tell how much time has passed since open")
    }

    fn send(&mut self, message: &[u8]) -> io::Result<()> {
        todo!("send it to the target: {message:?}")
    }

    fn receive(&mut self, until: Duration) -> io::Result<Option<Message>> {
        todo!(
            "wait no longer than {until:?}; a raw socket gives the IP header too, a ping socket does not"
        )
    }
}
