//! Stage `traceroute`: routers that differ, come late, refuse, or belong to others.

use std::net::Ipv4Addr;

use testbench::internet::{ICMP, Packet, UDP, echo, icmp, quote};
use testbench::prelude::*;

/// What a router or a host says of a probe: type and code.
fn says(from: Ipv4Addr, probe: &Packet, kind: u8, code: u8) -> Packet {
    let message = icmp(kind, code, [0; 4], quote(&probe.bytes()));
    Packet::new(from, probe.source, ICMP, message)
}

/// A probe for that hop.
fn probe(network: &Network, program: &Program, hop: u8) -> Outcome<Packet> {
    let probe = network.next(program, "a probe")?;
    wrong(
        probe.ttl == hop && probe.protocol == UDP,
        Saw::Wrong,
        || {
            format!(
                "the packet for hop {hop} had protocol {} and a time to live of {}",
                probe.protocol, probe.ttl
            )
        },
    )?;
    Ok(probe)
}

/// Three probes for a hop go three ways.
#[test]
fn two_routers_share_a_distance() -> Graded {
    check_alone(|t| {
        let network = t.network()?;
        let host = network.address(9, 9);
        let program = t.run(&["traceroute", &host.to_string(), "--wait", "20000"])?;
        let (one, other) = (network.address(1, 1), network.address(1, 2));
        for from in [one, other, one] {
            let probe = probe(&network, &program, 1)?;
            // The packet that tells may have options itself.
            network.deliver(&says(from, &probe, 11, 0).options(&[1, 1, 1, 0]))?;
        }
        for _ in 0..3 {
            let probe = probe(&network, &program, 2)?;
            network.deliver(&says(host, &probe, 3, 3))?;
        }
        program
            .expect_output(format!("1 {one} {other} {one}\n2 {host} {host} {host}\n"))
            .teaches(
                "The network may send each probe another way: tell for each of them who has answered it.",
            )?;
        program.expect_exit(0)
    })
}

/// The answer to the first probe comes when the second is under way.
#[test]
fn a_late_answer_is_not_the_next_ones() -> Graded {
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
        let late = probe(&network, &program, 1)?;
        let next = probe(&network, &program, 2)?;
        let (first, second) = (network.address(1, 1), network.address(2, 1));
        network.deliver(&says(first, &late, 11, 0))?;
        network.deliver(&says(second, &next, 11, 0))?;
        let last = probe(&network, &program, 3)?;
        network.deliver(&says(host, &last, 3, 3))?;
        program
            .expect_output(format!("1 *\n2 {second}\n3 {host}\n"))
            .teaches(
                "The answer was to an earlier probe. Send each to a port of its own; the error quotes it, \
                 and so you know which one is meant.",
            )?;
        program.expect_exit(0)
    })
}

/// Errors about others' datagrams, and messages that are no errors, before the true one.
#[test]
fn what_others_have_sent_is_not_ours() -> Graded {
    check_alone(|t| {
        let network = t.network()?;
        let host = network.address(9, 9);
        let program = t.run(&[
            "traceroute",
            &host.to_string(),
            "--tries",
            "1",
            "--wait",
            "20000",
        ])?;
        let asked = probe(&network, &program, 1)?;
        let stranger = network.address(6, 6);
        let changed = |change: fn(&mut Packet)| {
            let mut other = asked.clone();
            change(&mut other);
            says(stranger, &other, 11, 0)
        };
        // Another program's: its source port; another target; another protocol.
        network.deliver(&changed(|other| other.payload[1] ^= 1))?;
        network.deliver(&changed(|other| {
            other.destination = Ipv4Addr::new(10, 254, 0, 1);
        }))?;
        network.deliver(&changed(|other| other.protocol = 6))?;
        // No errors at all.
        let reply = echo(0, 1, 2, &asked.bytes());
        network.deliver(&Packet::new(stranger, network.own(), ICMP, reply))?;
        let redirect = icmp(5, 0, [0; 4], quote(&asked.bytes()));
        network.deliver(&Packet::new(stranger, network.own(), ICMP, redirect))?;
        let cut = icmp(11, 0, [0; 4], &asked.bytes()[..20]);
        network.deliver(&Packet::new(stranger, network.own(), ICMP, cut))?;
        let router = network.address(1, 1);
        network.deliver(&says(router, &asked, 11, 0))?;
        let last = probe(&network, &program, 2)?;
        network.deliver(&says(host, &last, 3, 3))?;
        let lesson = "A raw socket hears the errors about everybody's datagrams: yours quotes UDP, your \
                      target, your own port and the port of this probe.";
        program
            .expect_output(format!("1 {router}\n2 {host}\n"))
            .when(Saw::Crash, lesson)
            .teaches(lesson)?;
        program.expect_exit(0)
    })
}

/// The host is never reached.
#[test]
fn it_gives_up_at_the_last_hop() -> Graded {
    check_alone(|t| {
        let network = t.network()?;
        let host = network.address(9, 9);
        let program = t.run(&[
            "traceroute",
            &host.to_string(),
            "--tries",
            "1",
            "--hops",
            "3",
            "--wait",
            "20000",
        ])?;
        let mut expected = String::new();
        for hop in 1..=3 {
            let asked = probe(&network, &program, hop)?;
            let router = network.address(hop, 1);
            network.deliver(&says(router, &asked, 11, 0))?;
            expected.extend([hop.to_string(), format!(" {router}\n")]);
        }
        let lesson =
            "So far and no further: after the last of the hops the answer is no, exit code 1.";
        program.expect_output(expected).teaches(lesson)?;
        program.expect_exit(1).teaches(lesson)
    })
}

/// A router on the way has no route to the host, and says so for one of two probes.
#[test]
fn a_refusal_on_the_way_ends_it() -> Graded {
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
        let router = network.address(1, 1);
        for (hop, kind) in [(1, 11), (1, 11), (2, 3), (2, 11)] {
            let asked = probe(&network, &program, hop)?;
            network.deliver(&says(
                network.address(hop, 1),
                &asked,
                kind,
                u8::from(kind == 3),
            ))?;
        }
        let refuser = network.address(2, 1);
        let lesson = "Unreachable for another reason than the port comes from somebody on the way: the \
                      way ends there, and the host was not reached.";
        program
            .expect_output(format!("1 {router} {router}\n2 {refuser}!1 {refuser}\n"))
            .teaches(lesson)?;
        program.expect_exit(1).teaches(lesson)
    })
}

/// Without raw sockets there is nothing to hear ICMP with.
#[test]
fn a_denial_is_explained() -> Graded {
    check_alone(|t| {
        let network = t.network()?;
        let host = network.address(9, 9).to_string();
        let program = t.run(&[
            "traceroute",
            &host,
            "--hops",
            "1",
            "--tries",
            "1",
            "--wait",
            "20000",
        ])?;
        let asked = probe(&network, &program, 1)?;
        network.deliver(&says(network.address(9, 9), &asked, 3, 3))?;
        program.expect_exit(0)?;
        network.deny_raw_sockets();
        let program = t.run(&["traceroute", &host, "--hops", "1"])?;
        let lesson = "Who may not have a raw socket is told what it takes: the capability CAP_NET_RAW. \
                      Exit code 1, and no line.";
        program.expect_failure(1).teaches(lesson)?;
        program.expect_said("CAP_NET_RAW").teaches(lesson)?;
        program.expect_output("").teaches(lesson)
    })
}
