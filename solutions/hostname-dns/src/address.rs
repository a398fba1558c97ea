//! Hosts, ports and addresses as values. Given: finding them out is the lesson.
//!
//! An endpoint as text, one `key=value` a line:
//!
//! ```text
//! host=192.168.1.7
//! family=ipv4
//! loopback=no
//! private=yes
//! port=80
//! class=well-known
//! ```

use std::fmt::{self, Display, Formatter};
use std::net::IpAddr;

/// A host and a port, and what can be told of them without asking anyone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Where.
    pub host: Host,
    /// Whether the address is loopback; nothing for a name, which has yet to be looked up.
    pub loopback: Option<bool>,
    /// Whether the address is private; nothing for a name.
    pub private: Option<bool>,
    /// Which port.
    pub port: u16,
    /// Which kind of port that is.
    pub class: Class,
}

/// Where an endpoint is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// At an address.
    Address(IpAddr),
    /// Where a name says, as it was typed.
    Name(String),
}

/// The ranges of port numbers (RFC 6335 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// 0 to 1023, the System Ports.
    WellKnown,
    /// 1024 to 49151, the User Ports.
    Registered,
    /// 49152 to 65535, which the kernel hands out.
    Dynamic,
}

/// Which addresses of a name are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Those of IPv4.
    Ipv4,
    /// Those of IPv6.
    Ipv6,
    /// All.
    Both,
}

impl Display for Endpoint {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let told = |fact: Option<bool>| match fact {
            Some(true) => "yes",
            Some(false) => "no",
            None => "unknown",
        };
        let family = match &self.host {
            Host::Address(ip) => {
                // An IPv6 address prints as RFC 5952 asks: lower case, the zeros shortened.
                writeln!(f, "host={ip}")?;
                if ip.is_ipv4() { "ipv4" } else { "ipv6" }
            }
            Host::Name(name) => {
                writeln!(f, "host={name}")?;
                "name"
            }
        };
        writeln!(f, "family={family}")?;
        writeln!(f, "loopback={}", told(self.loopback))?;
        writeln!(f, "private={}", told(self.private))?;
        writeln!(f, "port={}", self.port)?;
        writeln!(f, "class={}", self.class)
    }
}

impl Display for Class {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Class::WellKnown => "well-known",
            Class::Registered => "registered",
            Class::Dynamic => "dynamic",
        })
    }
}
