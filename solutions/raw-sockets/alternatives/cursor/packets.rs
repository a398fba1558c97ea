//! Fields read one after the other by a cursor that knows where the bytes end.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::checksum::{checksum, is_intact};

/// Why bytes are no packet, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed(pub &'static str);

/// An IPv4 packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ipv4<'a> {
    pub source: Ipv4Addr,
    pub destination: Ipv4Addr,
    pub ttl: u8,
    pub protocol: u8,
    pub offset: u16,
    pub more: bool,
    pub payload: &'a [u8],
}

/// A message of ICMP or ICMPv6.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Icmp<'a> {
    EchoRequest(Echo<'a>),
    EchoReply(Echo<'a>),
    Unreachable { code: u8, quoted: Quoted<'a> },
    TimeExceeded { code: u8, quoted: Quoted<'a> },
    Other(u8),
}

/// What an echo request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Echo<'a> {
    pub id: u16,
    pub sequence: u16,
    pub data: &'a [u8],
}

/// The head of a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted<'a> {
    pub source: Ipv4Addr,
    pub destination: Ipv4Addr,
    pub protocol: u8,
    pub head: &'a [u8],
}

type Read<T> = Result<T, Malformed>;

/// What is left to read.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take<const N: usize>(&mut self) -> Read<[u8; N]> {
        let (taken, rest) = self
            .0
            .split_first_chunk()
            .ok_or(Malformed("it is cut off"))?;
        self.0 = rest;
        Ok(*taken)
    }

    fn skip(&mut self, count: usize) -> Read<()> {
        self.0 = self.0.get(count..).ok_or(Malformed("it is cut off"))?;
        Ok(())
    }

    fn byte(&mut self) -> Read<u8> {
        self.take::<1>().map(|[byte]| byte)
    }

    fn word(&mut self) -> Read<u16> {
        self.take().map(u16::from_be_bytes)
    }

    fn echo(mut self) -> Read<Echo<'a>> {
        Ok(Echo {
            id: self.word()?,
            sequence: self.word()?,
            data: self.0,
        })
    }
}

/// A header of IPv4, and what is behind it.
struct Header<'a> {
    length: usize,
    total: usize,
    fragment: u16,
    ttl: u8,
    protocol: u8,
    ends: [Ipv4Addr; 2],
    behind: &'a [u8],
}

impl<'a> Header<'a> {
    fn read(bytes: &'a [u8]) -> Read<Self> {
        let mut cursor = Cursor(bytes);
        let first = cursor.byte()?;
        let length = usize::from(first % 16) * 4;
        if first / 16 != 4 || length < 20 {
            return Err(Malformed("it does not begin as a packet of IPv4 does"));
        }
        cursor.skip(1)?;
        let total = usize::from(cursor.word()?);
        cursor.skip(2)?;
        let fragment = cursor.word()?;
        let [ttl, protocol] = cursor.take()?;
        cursor.skip(2)?;
        let source: [u8; 4] = cursor.take()?;
        let destination: [u8; 4] = cursor.take()?;
        cursor.skip(length - 20)?;
        Ok(Self {
            length,
            total,
            fragment,
            ttl,
            protocol,
            ends: [source.into(), destination.into()],
            behind: cursor.0,
        })
    }
}

/// The packet that `bytes` are.
pub fn ipv4(bytes: &[u8]) -> Read<Ipv4<'_>> {
    let header = Header::read(bytes)?;
    if !is_intact(&[&bytes[..header.length]]) {
        return Err(Malformed("the checksum of the header is wrong"));
    }
    let length = header.total.checked_sub(header.length);
    let payload = length.and_then(|length| header.behind.get(..length));
    let [source, destination] = header.ends;
    Ok(Ipv4 {
        source,
        destination,
        ttl: header.ttl,
        protocol: header.protocol,
        offset: header.fragment << 3,
        more: header.fragment >> 13 & 1 == 1,
        payload: payload.ok_or(Malformed("the total length is not true"))?,
    })
}

/// The message of ICMP that `bytes` are.
pub fn icmp(bytes: &[u8]) -> Read<Icmp<'_>> {
    if bytes.len() < 8 || !is_intact(&[bytes]) {
        return Err(Malformed("it is too short, or its checksum is wrong"));
    }
    let mut cursor = Cursor(bytes);
    let [kind, code, _, _] = cursor.take()?;
    match (kind, code) {
        (8, 0) => cursor.echo().map(Icmp::EchoRequest),
        (0, 0) => cursor.echo().map(Icmp::EchoReply),
        (3 | 11, code) => {
            cursor.skip(4)?;
            let header = Header::read(cursor.0)?;
            let [source, destination] = header.ends;
            let quoted = Quoted {
                source,
                destination,
                protocol: header.protocol,
                head: header.behind,
            };
            Ok(if kind == 3 {
                Icmp::Unreachable { code, quoted }
            } else {
                Icmp::TimeExceeded { code, quoted }
            })
        }
        _ => Ok(Icmp::Other(kind)),
    }
}

/// The message of ICMPv6 that `bytes` are.
pub fn icmpv6(bytes: &[u8], source: Ipv6Addr, destination: Ipv6Addr) -> Read<Icmp<'_>> {
    let mut cursor = Cursor(bytes);
    let [kind, code, _, _] = cursor.take()?;
    if sum_v6(bytes, source, destination) != 0 {
        return Err(Malformed("its checksum is wrong"));
    }
    match (kind, code) {
        (128, 0) => cursor.echo().map(Icmp::EchoRequest),
        (129, 0) => cursor.echo().map(Icmp::EchoReply),
        _ => Ok(Icmp::Other(kind)),
    }
}

/// The bytes of an echo request.
pub fn echo_request(echo: &Echo) -> Vec<u8> {
    request(8, echo, |message| checksum(&[message]))
}

/// The bytes of an echo request of ICMPv6.
pub fn echo_request_v6(echo: &Echo, source: Ipv6Addr, destination: Ipv6Addr) -> Vec<u8> {
    request(128, echo, |message| sum_v6(message, source, destination))
}

fn request(kind: u8, echo: &Echo, sum: impl Fn(&[u8]) -> u16) -> Vec<u8> {
    let written = |sum: u16| {
        let words = [u16::from(kind) << 8, sum, echo.id, echo.sequence];
        let mut bytes: Vec<u8> = words.into_iter().flat_map(u16::to_be_bytes).collect();
        bytes.extend_from_slice(echo.data);
        bytes
    };
    written(sum(&written(0)))
}

fn sum_v6(message: &[u8], source: Ipv6Addr, destination: Ipv6Addr) -> u16 {
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    checksum(&[
        &source.octets(),
        &destination.octets(),
        &length.to_be_bytes(),
        &58_u32.to_be_bytes(),
        message,
    ])
}

/// The bytes of an IPv4 packet without options.
pub fn ipv4_packet(packet: &Ipv4) -> Vec<u8> {
    let [s0, s1] = [packet.source, packet.destination]
        .map(u32::from)
        .map(halves);
    let written = |sum: u16| -> Vec<u8> {
        [
            0x4500,
            u16::try_from(20 + packet.payload.len()).unwrap_or(u16::MAX),
            0,
            u16::from(packet.more) << 13 | packet.offset >> 3,
            u16::from(packet.ttl) << 8 | u16::from(packet.protocol),
            sum,
            s0[0],
            s0[1],
            s1[0],
            s1[1],
        ]
        .into_iter()
        .flat_map(u16::to_be_bytes)
        .collect()
    };
    let sum = checksum(&[&written(0)]);
    [&written(sum), packet.payload].concat()
}

fn halves(number: u32) -> [u16; 2] {
    let [a, b, c, d] = number.to_be_bytes();
    [u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])]
}
