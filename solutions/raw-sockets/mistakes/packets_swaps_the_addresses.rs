//! Takes the destination for the source.
//!
//! stage: packets
//! fails: packets::reads_a_packet
//!        packets::options_are_stepped_over
//!        packets::fragments_know_their_place
//!        packets::the_header_says_where_it_ends
//!        packets::damage_is_seen
//! meant: packets::reads_a_packet
//! says: Each field has its place

use crate::checksum::{checksum, is_intact};
use std::net::{Ipv4Addr, Ipv6Addr};

/// Why bytes are no packet, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed(pub &'static str);

/// An IPv4 packet, RFC 791 3.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ipv4<'a> {
    /// Who sent it.
    pub source: Ipv4Addr,
    /// Whom it is for.
    pub destination: Ipv4Addr,
    /// How many routers it may still pass.
    pub ttl: u8,
    /// What the payload is: 1 is ICMP, 17 is UDP.
    pub protocol: u8,
    /// Where in the whole payload this one begins, in bytes; not 0 in the later fragments.
    pub offset: u16,
    /// Whether more fragments follow.
    pub more: bool,
    /// What stands behind the header and its options.
    pub payload: &'a [u8],
}

/// A message of ICMP, RFC 792, or of ICMPv6, RFC 4443.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Icmp<'a> {
    /// Please send this back.
    EchoRequest(Echo<'a>),
    /// What was to be sent back.
    EchoReply(Echo<'a>),
    /// A packet could not be delivered.
    Unreachable {
        /// Why; 3 is: nobody at that port.
        code: u8,
        /// The packet.
        quoted: Quoted<'a>,
    },
    /// A packet was on its way too long.
    TimeExceeded {
        /// 0: it passed too many routers.
        code: u8,
        /// The packet.
        quoted: Quoted<'a>,
    },
    /// Anything else: its type.
    Other(u8),
}

/// What an echo request asks for, and a reply repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Echo<'a> {
    /// Tells one asker from another.
    pub id: u16,
    /// Tells one request from another.
    pub sequence: u16,
    /// Any bytes.
    pub data: &'a [u8],
}

/// The head of an IPv4 packet that an error message is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted<'a> {
    /// Who sent it.
    pub source: Ipv4Addr,
    /// Whom it was for.
    pub destination: Ipv4Addr,
    /// What its payload was.
    pub protocol: u8,
    /// How its payload begins: 8 bytes at least, if it had so many.
    pub head: &'a [u8],
}

/// The packet that `bytes` are, as a raw socket gives them.
pub fn ipv4(bytes: &[u8]) -> Result<Ipv4<'_>, Malformed> {
    let header = header(bytes)?;
    if !is_intact(&[header]) {
        return Err(Malformed("the header's checksum is wrong"));
    }
    let total = usize::from(word(header, 2));
    if total < header.len() {
        return Err(Malformed("the packet ends within its header"));
    }
    // What is behind the end is not the packet's: Ethernet fills up short frames.
    let payload = bytes
        .get(header.len()..total)
        .ok_or(Malformed("the packet is longer than its bytes"))?;
    let fragment = word(header, 6);
    Ok(Ipv4 {
        source: address(header, 16),
        destination: address(header, 12),
        ttl: header[8],
        protocol: header[9],
        offset: (fragment & 0x1fff) * 8,
        more: fragment & 0x2000 != 0,
        payload,
    })
}

/// The message of ICMP that `bytes` are: the payload of an IPv4 packet.
pub fn icmp(bytes: &[u8]) -> Result<Icmp<'_>, Malformed> {
    if bytes.len() < 8 {
        return Err(Malformed("a message of ICMP has 8 bytes at least"));
    }
    if !is_intact(&[bytes]) {
        return Err(Malformed("the message's checksum is wrong"));
    }
    let code = bytes[1];
    Ok(match bytes[0] {
        0 if code == 0 => Icmp::EchoReply(echo(bytes)),
        8 if code == 0 => Icmp::EchoRequest(echo(bytes)),
        3 => Icmp::Unreachable {
            code,
            quoted: quoted(&bytes[8..])?,
        },
        11 => Icmp::TimeExceeded {
            code,
            quoted: quoted(&bytes[8..])?,
        },
        other => Icmp::Other(other),
    })
}

/// The message of ICMPv6 that `bytes` are; other than echo it is [`Icmp::Other`]. The addresses of
/// its packet are in its checksum.
pub fn icmpv6(
    bytes: &[u8],
    source: Ipv6Addr,
    destination: Ipv6Addr,
) -> Result<Icmp<'_>, Malformed> {
    if bytes.len() < 4 {
        return Err(Malformed("a message of ICMPv6 has 4 bytes at least"));
    }
    if !is_intact(&[&pseudo_header(bytes.len(), source, destination), bytes]) {
        return Err(Malformed("the message's checksum is wrong"));
    }
    match (bytes[0], bytes[1]) {
        (128 | 129, 0) if bytes.len() < 8 => Err(Malformed("an echo has 8 bytes at least")),
        (128, 0) => Ok(Icmp::EchoRequest(echo(bytes))),
        (129, 0) => Ok(Icmp::EchoReply(echo(bytes))),
        (other, _) => Ok(Icmp::Other(other)),
    }
}

/// The bytes of an echo request.
pub fn echo_request(echo: &Echo) -> Vec<u8> {
    let mut message = request(8, echo);
    let sum = checksum(&[&message]);
    message[2..4].copy_from_slice(&sum.to_be_bytes());
    message
}

/// The bytes of an echo request of ICMPv6.
pub fn echo_request_v6(echo: &Echo, source: Ipv6Addr, destination: Ipv6Addr) -> Vec<u8> {
    let mut message = request(128, echo);
    let sum = checksum(&[&pseudo_header(message.len(), source, destination), &message]);
    message[2..4].copy_from_slice(&sum.to_be_bytes());
    message
}

/// The bytes of an IPv4 packet without options, whose id is 0. A payload has at most 65515 bytes.
pub fn ipv4_packet(packet: &Ipv4) -> Vec<u8> {
    let total = u16::try_from(20 + packet.payload.len()).unwrap_or(u16::MAX);
    let fragment = (packet.offset / 8) | if packet.more { 0x2000 } else { 0 };
    let mut bytes = vec![0x45, 0];
    bytes.extend(total.to_be_bytes());
    bytes.extend([0, 0]);
    bytes.extend(fragment.to_be_bytes());
    bytes.extend([packet.ttl, packet.protocol, 0, 0]);
    bytes.extend(packet.source.octets());
    bytes.extend(packet.destination.octets());
    let sum = checksum(&[&bytes]);
    bytes[10..12].copy_from_slice(&sum.to_be_bytes());
    bytes.extend(packet.payload);
    bytes
}

/// The header at the beginning of `bytes`, with its options: 20 to 60 bytes.
fn header(bytes: &[u8]) -> Result<&[u8], Malformed> {
    let first = *bytes.first().ok_or(Malformed("there is nothing"))?;
    if first >> 4 != 4 {
        return Err(Malformed("it is not version 4"));
    }
    // It counts words of four bytes.
    let length = usize::from(first & 0xf) * 4;
    if length < 20 {
        return Err(Malformed("a header has 20 bytes at least"));
    }
    bytes
        .get(..length)
        .ok_or(Malformed("the header is longer than its bytes"))
}

/// A packet cut off: its lengths and its checksum are those of the whole, and routers have
/// changed what they had to.
fn quoted(bytes: &[u8]) -> Result<Quoted<'_>, Malformed> {
    let header = header(bytes)?;
    Ok(Quoted {
        source: address(header, 12),
        destination: address(header, 16),
        protocol: header[9],
        head: &bytes[header.len()..],
    })
}

/// What stands in an echo of at least 8 bytes.
fn echo(bytes: &[u8]) -> Echo<'_> {
    Echo {
        id: word(bytes, 4),
        sequence: word(bytes, 6),
        data: &bytes[8..],
    }
}

/// A request, its checksum still zero.
fn request(kind: u8, echo: &Echo) -> Vec<u8> {
    let mut message = vec![kind, 0, 0, 0];
    message.extend(echo.id.to_be_bytes());
    message.extend(echo.sequence.to_be_bytes());
    message.extend(echo.data);
    message
}

/// What the checksum of ICMPv6 covers besides the message, RFC 8200 8.1.
fn pseudo_header(length: usize, source: Ipv6Addr, destination: Ipv6Addr) -> Vec<u8> {
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    let mut bytes = Vec::new();
    bytes.extend(source.octets());
    bytes.extend(destination.octets());
    bytes.extend(length.to_be_bytes());
    bytes.extend([0, 0, 0, 58]);
    bytes
}

/// The 16 bits at `at`.
fn word(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

/// The address at `at`.
fn address(bytes: &[u8], at: usize) -> Ipv4Addr {
    Ipv4Addr::new(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3])
}
