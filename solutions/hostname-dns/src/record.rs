//! Names and resource records as values, and as text. Given.
//!
//! The text is that of zone files (RFC 1035 5.1, RFC 3597 5): `www.lab.test. 300 IN A 192.0.2.1`.

use std::fmt::{self, Display, Formatter, Write};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// The class of the Internet, the only one that matters here.
pub const IN: u16 = 1;

/// What a record holds, or a question is about: its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Type(pub u16);

impl Type {
    /// An IPv4 address.
    pub const A: Self = Self(1);
    /// A server of the zone.
    pub const NS: Self = Self(2);
    /// The name that this one is another name for.
    pub const CNAME: Self = Self(5);
    /// The start of the zone's authority, with its times.
    pub const SOA: Self = Self(6);
    /// Who takes mail for the name.
    pub const MX: Self = Self(15);
    /// Text.
    pub const TXT: Self = Self(16);
    /// An IPv6 address (RFC 3596).
    pub const AAAA: Self = Self(28);
    /// In a question: records of every type.
    pub const ANY: Self = Self(255);
}

/// Those that have a name, with it.
const TYPES: [(Type, &str); 8] = [
    (Type::A, "A"),
    (Type::NS, "NS"),
    (Type::CNAME, "CNAME"),
    (Type::SOA, "SOA"),
    (Type::MX, "MX"),
    (Type::TXT, "TXT"),
    (Type::AAAA, "AAAA"),
    (Type::ANY, "ANY"),
];

impl Display for Type {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match TYPES.iter().find(|(known, _)| known == self) {
            Some((_, name)) => f.write_str(name),
            None => write!(f, "TYPE{}", self.0),
        }
    }
}

/// A type by its name, in any case, or as `TYPE65` (RFC 3597 5).
impl FromStr for Type {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let upper = text.to_ascii_uppercase();
        let by_name = TYPES.iter().find(|(_, name)| *name == upper);
        let number = || upper.strip_prefix("TYPE")?.parse().ok();
        by_name
            .map(|(known, _)| *known)
            .or_else(|| number().map(Type))
            .ok_or_else(|| format!("no type of record is named {text}"))
    }
}

/// A name: its labels from left to right, none for the root.
///
/// `==` compares bytes. Whether two names are the same is another question: letters count as
/// the same in either case (RFC 4343).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Name(pub Vec<Vec<u8>>);

/// With a dot behind each label, so that the root is `.`; what would be misread is escaped
/// (RFC 1035 5.1): `\.` and the like for `. \ " ( ) ; @ $`, `\009` for what cannot be printed.
impl Display for Name {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for label in &self.0 {
            for &byte in label {
                match byte {
                    b'.' | b'\\' | b'"' | b'(' | b')' | b';' | b'@' | b'$' => {
                        f.write_char('\\')?;
                        f.write_char(char::from(byte))?;
                    }
                    b'!'..=b'~' => f.write_char(char::from(byte))?,
                    _ => write!(f, "\\{byte:03}")?,
                }
            }
            f.write_char('.')?;
        }
        if self.0.is_empty() {
            f.write_char('.')?;
        }
        Ok(())
    }
}

/// A resource record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Whose it is.
    pub name: Name,
    /// Its class, [`IN`] here.
    pub class: u16,
    /// For how many seconds it may be kept.
    pub ttl: u32,
    /// What it says.
    pub data: Data,
}

/// `www.lab.test. 300 IN A 192.0.2.1`
impl Display for Record {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (name, ttl, class) = (&self.name, self.ttl, Class(self.class));
        write!(
            f,
            "{name} {ttl} {class} {} {}",
            self.data.rtype(),
            self.data
        )
    }
}

/// What a record says, by its type. In a class other than [`IN`] every type is `Other`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// An address.
    A(Ipv4Addr),
    /// A server's name.
    Ns(Name),
    /// The name meant.
    Cname(Name),
    /// The zone's start.
    Soa(Soa),
    /// Who takes mail.
    Mx {
        /// The lower is tried first.
        preference: u16,
        /// The host's name.
        exchange: Name,
    },
    /// One string or more, each of at most 255 bytes.
    Txt(Vec<Vec<u8>>),
    /// An address.
    Aaaa(Ipv6Addr),
    /// Anything else, as it stands on the wire.
    Other(Type, Vec<u8>),
}

/// What a zone says of itself (RFC 1035 3.3.13); the numbers but the serial are seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Soa {
    /// The zone's first server.
    pub mname: Name,
    /// Who answers for it, with a dot for the `@`.
    pub rname: Name,
    /// The version of the zone.
    pub serial: u32,
    /// After how long a copy is to be compared.
    pub refresh: u32,
    /// After how long to try that again.
    pub retry: u32,
    /// After how long a copy is worth nothing.
    pub expire: u32,
    /// How long a "no" may be kept (RFC 2308 4).
    pub minimum: u32,
}

impl Data {
    /// The type it is of.
    pub fn rtype(&self) -> Type {
        match self {
            Data::A(_) => Type::A,
            Data::Ns(_) => Type::NS,
            Data::Cname(_) => Type::CNAME,
            Data::Soa(_) => Type::SOA,
            Data::Mx { .. } => Type::MX,
            Data::Txt(_) => Type::TXT,
            Data::Aaaa(_) => Type::AAAA,
            Data::Other(rtype, _) => *rtype,
        }
    }
}

impl Display for Data {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Data::A(ip) => write!(f, "{ip}"),
            Data::Aaaa(ip) => write!(f, "{ip}"),
            Data::Ns(name) | Data::Cname(name) => write!(f, "{name}"),
            Data::Mx {
                preference,
                exchange,
            } => write!(f, "{preference} {exchange}"),
            Data::Txt(strings) => {
                for (index, string) in strings.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { " " })?;
                    quoted(f, string)?;
                }
                Ok(())
            }
            Data::Soa(soa) => write!(
                f,
                "{} {} {} {} {} {} {}",
                soa.mname, soa.rname, soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum
            ),
            Data::Other(_, bytes) => {
                write!(f, "\\# {}", bytes.len())?;
                f.write_str(if bytes.is_empty() { "" } else { " " })?;
                bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
    }
}

/// A string in quotes: `\"` and `\\`, and `\009` for what cannot be printed.
fn quoted(f: &mut Formatter<'_>, string: &[u8]) -> fmt::Result {
    f.write_char('"')?;
    for &byte in string {
        match byte {
            b'"' | b'\\' => write!(f, "\\{}", char::from(byte))?,
            b' '..=b'~' => f.write_char(char::from(byte))?,
            _ => write!(f, "\\{byte:03}")?,
        }
    }
    f.write_char('"')
}

/// A class as text: `IN`, or `CLASS3` (RFC 3597 5).
#[derive(Debug, Clone, Copy)]
pub struct Class(pub u16);

impl Display for Class {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            IN => f.write_str("IN"),
            other => write!(f, "CLASS{other}"),
        }
    }
}
