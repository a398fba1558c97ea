//! What a text says of an address. Given: finding it out is the lesson.
//!
//! Shown as a line:
//!
//! ```text
//! fe80::1%eth0 link-local
//! ::ffff:192.0.2.1 mapped 192.0.2.1
//! [2001:db8::1]:80 global
//! ```

use std::fmt::{self, Display, Formatter};
use std::net::Ipv4Addr;

/// An address as it should be written, and what kind it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The canonical text (RFC 5952), with the zone, in brackets and with the port, if it has them.
    pub canonical: String,
    /// What kind of address it is.
    pub kind: Kind,
}

/// The kinds of IPv6 addresses (RFC 4291 2.4), and the one that holds an IPv4 address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `::`, no address yet, or any.
    Unspecified,
    /// `::1`, this machine.
    Loopback,
    /// A group.
    Multicast,
    /// A machine on this link.
    LinkLocal,
    /// An IPv4 address in IPv6's clothes (RFC 4291 2.5.5.2).
    Mapped(Ipv4Addr),
    /// Everything else.
    Global,
}

impl Display for Reading {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.canonical, self.kind)
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Unspecified => f.write_str("unspecified"),
            Kind::Loopback => f.write_str("loopback"),
            Kind::Multicast => f.write_str("multicast"),
            Kind::LinkLocal => f.write_str("link-local"),
            Kind::Mapped(ipv4) => write!(f, "mapped {ipv4}"),
            Kind::Global => f.write_str("global"),
        }
    }
}
