//! Stage `packets`: everything that may be in a header, and everything that may be missing.

use std::net::{Ipv4Addr, Ipv6Addr};

use testbench::internet::{
    self, ICMP, Packet, UDP, echo, echo_v6, hexadecimal, quote, seal, seal_v6,
};
use testbench::prelude::*;

/// A packet that every reader reads, and what it is read as.
fn plain(t: &Bench) -> (Packet, String) {
    let octet = || u8::try_from(t.below(256)).unwrap_or(0);
    let source = Ipv4Addr::new(10, octet(), octet(), octet());
    let destination = Ipv4Addr::new(10, octet(), octet(), octet());
    let packet = Packet::new(source, destination, ICMP, echo(8, 1, 2, &t.bytes(12)));
    let head = format!("ipv4 {source} {destination} ttl 64 protocol 1");
    (packet, head)
}

fn ipv4(bytes: &[u8]) -> String {
    format!("ipv4 {}\n", hexadecimal(bytes))
}

fn icmp(bytes: &[u8]) -> String {
    format!("icmp {}\n", hexadecimal(bytes))
}

/// Options of 4 to 40 bytes.
#[test]
fn options_are_stepped_over() -> Graded {
    check(|t| {
        let mut script = t.converse(&["packets"])?;
        for words in [0, 1, 4, 10] {
            let (packet, head) = plain(t);
            let packet = packet.options(&vec![1; 4 * words]);
            let payload = hexadecimal(&packet.payload);
            script
                .ask(ipv4(&packet.bytes()), format!("{head} offset 0 last {payload}\n"))
                .teaches(
                    "A header is as long as its second half-byte says, in words of four bytes: 20 bytes is \
                     only the least.",
                )?;
        }
        script.finish(0)
    })
}

/// Fragments of one payload, read and written.
#[test]
fn fragments_know_their_place() -> Graded {
    check(|t| {
        let mut script = t.converse(&["packets"])?;
        for (field, offset, more) in [
            (0x4000_u16, 0_u16, "last"),
            (0x2000, 0, "more"),
            (0x2003, 24, "more"),
            (0x1fff, 65528, "last"),
        ] {
            let (packet, head) = plain(t);
            let mut bytes = packet.bytes();
            bytes[6..8].copy_from_slice(&field.to_be_bytes());
            let bytes = [&seal(bytes[..20].to_vec(), 10), &bytes[20..]].concat();
            let payload = hexadecimal(&packet.payload);
            script
                .ask(ipv4(&bytes), format!("{head} offset {offset} {more} {payload}\n"))
                .teaches(
                    "The offset is in the low 13 bits and counts units of 8 bytes; above it stand the bit \
                     for more fragments and the one that forbids them (RFC 791 3.1).",
                )?;
        }
        let (mut packet, _) = plain(t);
        packet.ttl = 3;
        for (field, words) in [(0_u16, "0 last"), (0x2000, "0 more"), (0x2005, "40 more")] {
            let mut bytes = packet.bytes();
            bytes[6..8].copy_from_slice(&field.to_be_bytes());
            let bytes = [&seal(bytes[..20].to_vec(), 10), &bytes[20..]].concat();
            let line = format!(
                "make-ipv4 {} {} 3 1 {words} {}\n",
                packet.source,
                packet.destination,
                hexadecimal(&packet.payload)
            );
            script
                .ask(line, format!("{}\n", hexadecimal(&bytes)))
                .teaches("A packet that you write has every field in its place: version and length 45, the whole length, offset in units of 8 bytes, a checksum over the header alone.")?;
        }
        script.finish(0)
    })
}

/// Bytes behind the packet's end; lengths beyond its bytes, or within its header.
#[test]
fn the_header_says_where_it_ends() -> Graded {
    check(|t| {
        let mut script = t.converse(&["packets"])?;
        let (packet, head) = plain(t);
        let bytes = packet.bytes();
        let payload = hexadecimal(&packet.payload);
        let padded = [bytes.as_slice(), &[0; 6]].concat();
        script
            .ask(ipv4(&padded), format!("{head} offset 0 last {payload}\n"))
            .teaches("The total length says where the packet ends; what follows is padding of the frame, and no payload.")?;
        let told = |total: usize| {
            let mut bytes = bytes.clone();
            let total = u16::try_from(total).unwrap_or(0);
            bytes[2..4].copy_from_slice(&total.to_be_bytes());
            [&seal(bytes[..20].to_vec(), 10), &bytes[20..]].concat()
        };
        let lesson = "The lengths in a packet are its sender's word: hold them against the bytes that \
                      came, and against each other.";
        for total in [bytes.len() + 1, 65535, 19, 0] {
            script
                .ask(ipv4(&told(total)), "bad\n")
                .when(Saw::Crash, lesson)
                .teaches(lesson)?;
        }
        for first in [0x44, 0x40, 0x65] {
            let mut bytes = bytes.clone();
            bytes[0] = first;
            let header = seal(bytes[..20].to_vec(), 10);
            script
                .ask(ipv4(&[&header, &bytes[20..]].concat()), "bad\n")
                .when(Saw::Crash, lesson)
                .teaches(lesson)?;
        }
        script.finish(0)
    })
}

/// A packet, an echo and an error message, each cut at every byte.
#[test]
fn what_is_cut_off_is_no_packet() -> Graded {
    check(|t| {
        let lesson = "Bytes may end anywhere: ask whether a field is there before you read it.";
        let mut script = t.converse(&["packets"])?;
        let (packet, _) = plain(t);
        let bytes = packet.options(&[1; 8]).bytes();
        let sent = Packet::new(Ipv4Addr::LOCALHOST, Ipv4Addr::LOCALHOST, UDP, t.bytes(8)).bytes();
        let error = internet::icmp(11, 0, [0; 4], quote(&sent));
        for length in 0..bytes.len() {
            script
                .ask(ipv4(&bytes[..length]), "bad\n")
                .when(Saw::Crash, lesson)
                .teaches(lesson)?;
        }
        for length in 0..8 {
            let cut = echo(8, 1, 2, b"")[..length].to_vec();
            let cut = if length < 4 { cut } else { seal(cut, 2) };
            script
                .ask(icmp(&cut), "bad\n")
                .when(Saw::Crash, lesson)
                .teaches(lesson)?;
        }
        // Up to the end of the quoted header nothing is quoted that could be read.
        for length in 8..28 {
            script
                .ask(icmp(&seal(error[..length].to_vec(), 2)), "bad\n")
                .when(Saw::Crash, lesson)
                .teaches(lesson)?;
        }
        script.finish(0)
    })
}

/// Headers and messages with one bit turned.
#[test]
fn damage_is_seen() -> Graded {
    check(|t| {
        let mut script = t.converse(&["packets"])?;
        let (packet, head) = plain(t);
        let payload = hexadecimal(&packet.payload);
        let bytes = packet.bytes();
        script.ask(ipv4(&bytes), format!("{head} offset 0 last {payload}\n"))?;
        for _ in 0..10 {
            // Anywhere in the header but in its lengths.
            let mut damaged = bytes.clone();
            damaged[4 + t.below(16)] ^= 1 << t.below(8);
            script.ask(ipv4(&damaged), "bad\n").teaches(
                "The header has a checksum of its own, which tells you that an address or a time to live \
                 is not what was sent.",
            )?;
            let mut damaged = echo(0, 1, 2, &t.bytes(9));
            let at = 1 + t.below(16);
            damaged[at] ^= 1 << t.below(8);
            script.ask(icmp(&damaged), "bad\n").teaches(
                "A message of ICMP has its own checksum, over all of it: nobody else has verified it for \
                 you.",
            )?;
        }
        script.finish(0)
    })
}

/// Errors of both kinds, the packets in them with and without options, whole and cut off.
#[test]
fn errors_quote_a_packet() -> Graded {
    check(|t| {
        let mut script = t.converse(&["packets"])?;
        for (kind, name) in [(3, "unreachable"), (11, "time-exceeded")] {
            for options in [0, 8] {
                let code = u8::try_from(t.below(2)).unwrap_or(0);
                let (packet, _) = plain(t);
                let mut sent = packet.options(&vec![1; options]);
                sent.protocol = UDP;
                sent.payload = t.bytes(100);
                let mut bytes = sent.bytes();
                // The last router has counted down, and left the checksum as it was.
                bytes[8] = 0;
                let quoted = quote(&bytes);
                let line = icmp(&internet::icmp(kind, code, [0; 4], quoted));
                let answer = format!(
                    "{name} {code} quotes {} {} protocol 17 {}\n",
                    sent.source,
                    sent.destination,
                    hexadecimal(&sent.payload[..8])
                );
                script.ask(line, answer).teaches(
                    "An error quotes the header and 8 bytes of the packet it is about (RFC 792). The rest \
                     of that packet is not there, so its lengths and checksum cannot hold; its header may \
                     have options.",
                )?;
            }
        }
        script.finish(0)
    })
}

/// Types and codes that are neither echo nor error.
#[test]
fn other_messages_are_told_by_their_type() -> Graded {
    check(|t| {
        let mut script = t.converse(&["packets"])?;
        script.ask(icmp(&echo(0, 7, 8, b"")), "reply 7 8 -\n")?;
        for kind in [4, 5, 9, 13, 14, 17, 200] {
            let message = internet::icmp(kind, 0, [0, 1, 0, 2], &t.bytes(20));
            script.ask(icmp(&message), format!("other {kind}\n")).teaches(
                "ICMP has many types, and more will come: what you do not know is no echo, and no error \
                 either.",
            )?;
        }
        for kind in [0, 8] {
            let message = internet::icmp(kind, 1, [0, 1, 0, 2], &t.bytes(20));
            script
                .ask(icmp(&message), format!("other {kind}\n"))
                .teaches(
                    "An echo has code 0; with another code it is something that you do not know.",
                )?;
        }
        script.finish(0)
    })
}

/// Echoes of ICMPv6, to bytes and from bytes; a neighbour solicitation; damage.
#[test]
fn the_addresses_are_in_the_checksum_of_icmpv6() -> Graded {
    check(|t| {
        let mut script = t.converse(&["packets"])?;
        let word = || u16::try_from(t.below(65536)).unwrap_or(0);
        let address = || Ipv6Addr::new(0xfd00, word(), 0, 0, 0, 0, word(), 1);
        for _ in 0..10 {
            let (source, destination) = (address(), address());
            let (id, sequence, data) = (word(), word(), t.bytes(t.below(30)));
            let words = format!("{id} {sequence} {}\n", hexadecimal(&data));
            let ends = (source, destination);
            let request = echo_v6(128, ends, id, sequence, &data);
            script
                .ask(
                    format!("make-request-v6 {source} {destination} {words}"),
                    format!("{}\n", hexadecimal(&request)),
                )
                .teaches(
                    "ICMPv6 sums up a pseudo-header before the message: both addresses, the length and 58, \
                     the next header (RFC 8200 8.1).",
                )?;
            let reply = echo_v6(129, ends, id, sequence, &data);
            let asked = |destination: Ipv6Addr, message: &[u8]| {
                format!("icmpv6 {source} {destination} {}\n", hexadecimal(message))
            };
            let lesson = "Requests are of type 128 and replies of type 129 here; and a message with \
                          another address in its sum is not for this one.";
            script
                .ask(asked(destination, &request), format!("request {words}"))
                .teaches(lesson)?;
            script
                .ask(asked(destination, &reply), format!("reply {words}"))
                .teaches(lesson)?;
            script
                .ask(asked(address(), &reply), "bad\n")
                .teaches(lesson)?;
        }
        let (source, destination) = (address(), address());
        let solicitation = seal_v6(
            [&[135, 0, 0, 0], t.bytes(20).as_slice()].concat(),
            source,
            destination,
        );
        let line = format!(
            "icmpv6 {source} {destination} {}\n",
            hexadecimal(&solicitation)
        );
        script.ask(line, "other 135\n").teaches(
            "IPv6 finds its neighbours by ICMPv6 too: other types are told by their number.",
        )?;
        script.finish(0)
    })
}
