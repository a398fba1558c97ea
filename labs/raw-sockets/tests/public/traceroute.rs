//! Stage `traceroute`: three routers and a host; then one router that says nothing.

use testbench::internet::{ICMP, Packet, icmp, quote};
use testbench::prelude::*;

/// What a router or a host says of a probe: type and code.
fn says(from: std::net::Ipv4Addr, probe: &Packet, kind: u8, code: u8) -> Packet {
    let message = icmp(kind, code, [0; 4], quote(&probe.bytes()));
    Packet::new(from, probe.source, ICMP, message)
}

/// Each router tells that the time is over; the host, that nobody has the port.
#[test]
fn tells_each_hop_and_the_end() -> Graded {
    check_alone(|t| {
        let network = t.network()?;
        let host = network.address(9, 9);
        let program = t.run(&[
            "traceroute",
            &host.to_string(),
            "--tries",
            "2",
            "--wait",
            "20000",
        ])?;
        let mut expected = String::new();
        for hop in 1..=4 {
            let (from, kind, code) = match hop {
                4 => (host, 3, 3),
                _ => (network.address(hop, 1), 11, 0),
            };
            for _ in 0..2 {
                let probe = network.next(&program, "a probe").teaches(
                    "Two probes for each hop, until the host says that nobody has the port.",
                )?;
                wrong(probe.ttl == hop, Saw::Wrong, || {
                    format!("a probe for hop {hop} had a time to live of {}", probe.ttl)
                })
                .teaches("The probes for a hop have its number as their time to live: each router counts down, and tells when nothing is left.")?;
                network.deliver(&says(from, &probe, kind, code))?;
            }
            expected.extend([hop.to_string(), format!(" {from} {from}\n")]);
        }
        program.expect_output(expected).teaches(
            "A line for each hop with who answered each of its probes; the host's is the last.",
        )?;
        program.expect_exit(0)
    })
}

/// The second of two routers drops the probes and tells nobody.
#[test]
fn a_silent_router_is_a_star() -> Graded {
    check_alone(|t| {
        let network = t.network()?;
        let host = network.address(9, 9);
        let program = t.run(&[
            "traceroute",
            &host.to_string(),
            "--tries",
            "1",
            "--wait",
            "1500",
        ])?;
        let router = network.address(1, 1);
        for hop in 1..=3 {
            let probe = network.next(&program, "a probe").teaches(
                "A router that is silent is one star; when the wait is over, go on with the next probe.",
            )?;
            match hop {
                1 => network.deliver(&says(router, &probe, 11, 0))?,
                3 => network.deliver(&says(host, &probe, 3, 3))?,
                _ => {}
            }
        }
        program
            .expect_output(format!("1 {router}\n2 *\n3 {host}\n"))
            .teaches("Silence is an answer too, and says nothing of the routers behind.")?;
        program.expect_exit(0)
    })
}
