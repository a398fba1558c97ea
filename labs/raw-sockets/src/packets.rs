//! Stage 2, `packets`: IPv4, ICMP and ICMPv6 echo, from bytes and to bytes.
//!
//! What is asked: docs/src/labs/raw-sockets.md#packets

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
    todo!("read the header and hold its lengths and its checksum against the bytes: {bytes:?}")
}

/// The message of ICMP that `bytes` are: the payload of an IPv4 packet.
pub fn icmp(bytes: &[u8]) -> Result<Icmp<'_>, Malformed> {
    todo!("read the type, then what belongs to it, once the checksum is right: {bytes:?}")
}

/// The message of ICMPv6 that `bytes` are; other than echo it is [`Icmp::Other`]. The addresses of
/// its packet are in its checksum.
pub fn icmpv6(
    bytes: &[u8],
    source: Ipv6Addr,
    destination: Ipv6Addr,
) -> Result<Icmp<'_>, Malformed> {
    todo!(
        "as icmp, with other types and the pseudo-header in the checksum: {bytes:?} from {source} to {destination}"
    )
}

/// The bytes of an echo request.
pub fn echo_request(echo: &Echo) -> Vec<u8> {
    todo!("write type 8, code 0, the checksum, and what belongs to {echo:?}")
}

/// The bytes of an echo request of ICMPv6.
pub fn echo_request_v6(echo: &Echo, source: Ipv6Addr, destination: Ipv6Addr) -> Vec<u8> {
    todo!(
        "as echo_request, of type 128, with the pseudo-header in the checksum: {echo:?} from {source} to {destination}"
    )
}

/// The bytes of an IPv4 packet without options, whose id is 0. A payload has at most 65515 bytes.
pub fn ipv4_packet(packet: &Ipv4) -> Vec<u8> {
    todo!("write the 20 bytes of the header, with its checksum, and the payload: {packet:?}")
}
