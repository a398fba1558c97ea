//! Stage `packets`: a packet, a request, a reply.

use testbench::internet::{self, ICMP, Packet, echo, hexadecimal};
use testbench::prelude::*;

/// Packets without options or fragments.
#[test]
fn reads_a_packet() -> Graded {
    check(|t| {
        let mut script = t.converse(&["packets"])?;
        for _ in 0..10 {
            let payload = t.bytes(t.below(60));
            let mut packet = Packet::new(address(t), address(t), ICMP, payload);
            packet.ttl = u8::try_from(1 + t.below(255)).unwrap_or(1);
            packet.protocol = *t.bytes(1).first().unwrap_or(&0);
            let answer = format!(
                "ipv4 {} {} ttl {} protocol {} offset 0 last {}\n",
                packet.source,
                packet.destination,
                packet.ttl,
                packet.protocol,
                hexadecimal(&packet.payload)
            );
            let line = format!("ipv4 {}\n", hexadecimal(&packet.bytes()));
            script.ask(line, answer).teaches(
                "Each field has its place in the 20 bytes of the header (RFC 791 3.1), numbers high byte \
                 first; the payload stands behind it.",
            )?;
        }
        script.finish(0)
    })
}

fn address(t: &Bench) -> std::net::Ipv4Addr {
    let [a, b, c] = [0; 3].map(|_: u8| u8::try_from(t.below(256)).unwrap_or(0));
    std::net::Ipv4Addr::new(10, a, b, c)
}

/// Echo requests to bytes, and echoes of both kinds from bytes.
#[test]
fn writes_and_reads_echoes() -> Graded {
    check(|t| {
        let mut script = t.converse(&["packets"])?;
        script
            .ask("make-request 1 2 6869\n", "08008f93000100026869\n")
            .teaches("An echo is type, code, checksum, id, sequence number, data (RFC 792, Echo); the checksum covers all of it.")?;
        for _ in 0..10 {
            let number = || u16::try_from(t.below(65536)).unwrap_or(0);
            let (id, sequence) = (number(), number());
            let data = t.bytes(t.below(40));
            let words = format!("{id} {sequence} {}\n", hexadecimal(&data));
            let request = echo(8, id, sequence, &data);
            script
                .ask(format!("make-request {words}"), format!("{}\n", hexadecimal(&request)))
                .teaches("A request is like the example, with another id, number and data; the data may be of odd length.")?;
            for (kind, name) in [(8, "request"), (0, "reply")] {
                let message = internet::echo(kind, id, sequence, &data);
                script
                    .ask(
                        format!("icmp {}\n", hexadecimal(&message)),
                        format!("{name} {words}"),
                    )
                    .teaches("Type 8 asks and type 0 replies; both have the same shape.")?;
            }
        }
        script.finish(0)
    })
}
