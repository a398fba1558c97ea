//! Packets of IPv4 and messages of ICMP, made and read by the checks' own hands: RFC 791, RFC 792,
//! RFC 1071.

use std::net::{Ipv4Addr, Ipv6Addr};

/// The protocol number of ICMP.
pub const ICMP: u8 = 1;
/// The protocol number of UDP.
pub const UDP: u8 = 17;
/// The protocol number of ICMPv6.
const ICMPV6: u8 = 58;

/// The Internet checksum of `bytes`, RFC 1071.
pub fn checksum(bytes: &[u8]) -> u16 {
    let sum: u64 = bytes
        .chunks(2)
        .map(|pair| u64::from(pair[0]) << 8 | u64::from(pair.get(1).copied().unwrap_or(0)))
        .sum();
    // Modulo 65535, with the rest 65535 in place of 0 for what is not all zero.
    let rest = if sum == 0 { 0 } else { (sum - 1) % 0xffff + 1 };
    !u16::try_from(rest).unwrap_or(u16::MAX)
}

/// Whether bringing the carry of their sum round makes no other carry. Of random bytes few do, now
/// and then: a check that is not about it must not meet it by chance.
pub fn carries_once(bytes: &[u8]) -> bool {
    let sum: u64 = bytes
        .chunks(2)
        .map(|pair| u64::from(pair[0]) << 8 | u64::from(pair.get(1).copied().unwrap_or(0)))
        .sum();
    (sum & 0xffff) + (sum >> 16) <= 0xffff
}

/// Writes the checksum of `bytes` into them at `at`.
pub fn seal(mut bytes: Vec<u8>, at: usize) -> Vec<u8> {
    bytes[at..at + 2].fill(0);
    let sum = checksum(&bytes);
    bytes[at..at + 2].copy_from_slice(&sum.to_be_bytes());
    bytes
}

/// A packet of IPv4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// Who sent it.
    pub source: Ipv4Addr,
    /// Whom it is for.
    pub destination: Ipv4Addr,
    /// How many routers it may still pass.
    pub ttl: u8,
    /// What the payload is.
    pub protocol: u8,
    /// The words behind the first 20 bytes of the header, a multiple of four bytes.
    pub options: Vec<u8>,
    /// What it carries.
    pub payload: Vec<u8>,
}

impl Packet {
    /// One without options.
    pub fn new(source: Ipv4Addr, destination: Ipv4Addr, protocol: u8, payload: Vec<u8>) -> Self {
        Self {
            source,
            destination,
            ttl: 64,
            protocol,
            options: Vec::new(),
            payload,
        }
    }

    /// With these options.
    #[must_use]
    pub fn options(mut self, options: &[u8]) -> Self {
        self.options = options.to_vec();
        self
    }

    /// Its bytes; the id is 0, and it is no fragment.
    pub fn bytes(&self) -> Vec<u8> {
        let words = 5 + self.options.len() / 4;
        let total = words * 4 + self.payload.len();
        let short = |number: usize| u16::try_from(number).unwrap_or(u16::MAX).to_be_bytes();
        let [_, words] = short(words);
        let mut header = vec![0x40 | words, 0];
        header.extend(short(total));
        header.extend([0, 0, 0, 0, self.ttl, self.protocol, 0, 0]);
        header.extend(self.source.octets());
        header.extend(self.destination.octets());
        header.extend(&self.options);
        [seal(header, 10), self.payload.clone()].concat()
    }

    /// The packet at the beginning of `bytes`, if there is one.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let header = bytes.get(..usize::from(bytes.first()? & 0xf) * 4)?;
        let total = usize::from(u16::from_be_bytes([*header.get(2)?, *header.get(3)?]));
        let address = |at: usize| -> Option<Ipv4Addr> {
            let octets: [u8; 4] = header.get(at..at + 4)?.try_into().ok()?;
            Some(octets.into())
        };
        if header[0] >> 4 != 4 {
            return None;
        }
        Some(Self {
            source: address(12)?,
            destination: address(16)?,
            ttl: *header.get(8)?,
            protocol: *header.get(9)?,
            options: header.get(20..)?.to_vec(),
            payload: bytes.get(header.len()..total)?.to_vec(),
        })
    }
}

/// A message of ICMP: type, code, the four bytes behind the checksum, and the rest.
pub fn icmp(kind: u8, code: u8, word: [u8; 4], rest: &[u8]) -> Vec<u8> {
    seal([&[kind, code, 0, 0], word.as_slice(), rest].concat(), 2)
}

/// An echo request, `kind` 8, or a reply, 0.
pub fn echo(kind: u8, id: u16, sequence: u16, data: &[u8]) -> Vec<u8> {
    icmp(kind, 0, words(id, sequence), data)
}

/// An echo request of ICMPv6, `kind` 128, or a reply, 129.
pub fn echo_v6(
    kind: u8,
    (source, destination): (Ipv6Addr, Ipv6Addr),
    id: u16,
    sequence: u16,
    data: &[u8],
) -> Vec<u8> {
    let message = [&[kind, 0, 0, 0], words(id, sequence).as_slice(), data].concat();
    seal_v6(message, source, destination)
}

/// Writes the checksum of ICMPv6 into `message`, RFC 4443 2.3.
pub fn seal_v6(mut message: Vec<u8>, source: Ipv6Addr, destination: Ipv6Addr) -> Vec<u8> {
    message[2..4].fill(0);
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    let covered = [
        source.octets().as_slice(),
        &destination.octets(),
        &length.to_be_bytes(),
        &[0, 0, 0, ICMPV6],
        &message,
    ]
    .concat();
    let sum = checksum(&covered);
    message[2..4].copy_from_slice(&sum.to_be_bytes());
    message
}

/// What an error message quotes of a packet: its header and the first 8 bytes of its payload.
pub fn quote(packet: &[u8]) -> &[u8] {
    let header = packet
        .first()
        .map_or(0, |first| usize::from(first & 0xf) * 4);
    &packet[..packet.len().min(header + 8)]
}

/// Bytes as two hexadecimal digits each; `-` for none.
pub fn hexadecimal(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "-".to_owned();
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn words(id: u16, sequence: u16) -> [u8; 4] {
    let ([a, b], [c, d]) = (id.to_be_bytes(), sequence.to_be_bytes());
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_rfc() {
        // RFC 1071 3.
        assert_eq!(checksum(&[0, 1, 0xf2, 3, 0xf4, 0xf5, 0xf6, 0xf7]), 0x220d);
        assert_eq!(checksum(&[]), 0xffff);
        assert_eq!(checksum(&vec![0xff; 65534]), 0);
        let again = [0xff, 0xff, 0xff, 0xff, 0, 1];
        assert_eq!(checksum(&again), 0xfffe);
        assert!(!carries_once(&again) && carries_once(&again[2..]));
    }

    #[test]
    fn a_packet_is_read_as_it_was_made() {
        let packet = Packet::new(
            Ipv4Addr::new(10, 0, 0, 1),
            Ipv4Addr::new(10, 0, 0, 2),
            UDP,
            b"hello".to_vec(),
        )
        .options(&[1, 1, 1, 0]);
        let bytes = packet.bytes();
        assert_eq!(checksum(&bytes[..24]), 0);
        assert_eq!(Packet::read(&bytes), Some(packet));
        assert_eq!(quote(&bytes).len(), 29);
        assert_eq!(Packet::read(&bytes[..28]), None);
    }

    #[test]
    fn what_is_sealed_sums_up_to_zero() {
        assert_eq!(checksum(&echo(8, 1, 2, b"odd")), 0);
        let (from, to) = (Ipv6Addr::LOCALHOST, Ipv6Addr::UNSPECIFIED);
        let message = echo_v6(128, (from, to), 1, 2, b"even");
        let ends = [from.octets(), to.octets()].concat();
        let covered = [ends.as_slice(), &[0, 0, 0, 12, 0, 0, 0, 58], &message].concat();
        assert_eq!(checksum(&covered), 0);
    }
}
