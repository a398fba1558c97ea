//! Stage `ping`: both kinds of socket, and neither.

use std::net::Ipv4Addr;

use testbench::internet::{ICMP, Packet, checksum, echo};
use testbench::prelude::*;

/// A host's answer to an echo request: the same id, number and data.
fn answer(request: &Packet) -> Packet {
    let mut message = request.payload.clone();
    message[0] = 0;
    let message = testbench::internet::seal(message, 2);
    Packet::new(request.destination, request.source, ICMP, message)
}

/// The id and the number in an echo request.
fn numbers(request: &Packet) -> (u16, u16) {
    let word = |at: usize| u16::from_be_bytes([request.payload[at], request.payload[at + 1]]);
    (word(4), word(6))
}

/// A request as it should be; all checks of what comes back begin with it.
fn request(network: &Network, program: &Program, host: Ipv4Addr) -> Outcome<Packet> {
    let request = network.next(program, "an echo request")?;
    wrong(
        request.destination == host
            && request.protocol == ICMP
            && request.payload.len() >= 8
            && request.payload[..2] == [8, 0]
            && checksum(&request.payload) == 0,
        Saw::Wrong,
        || format!("{host} got something that is no intact echo request"),
    )
    .map_err(|failure| failure.expecting("type 8, code 0, a right checksum", &request.payload))?;
    Ok(request)
}

/// Both kinds are to be had.
#[test]
fn asks_for_no_more_than_it_needs() -> Graded {
    check_alone(|t| {
        let network = t.network()?;
        let host = network.address(0, 9);
        let program = t.run(&["ping", &host.to_string(), "--count", "1", "--wait", "20000"])?;
        let asked = request(&network, &program, host)?;
        let raw = std::fs::read_to_string("/proc/net/raw")
            .map_err(|error| Failure::grader("read the table of raw sockets", error))?;
        network.deliver(&answer(&asked))?;
        program.expect_exit(0)?;
        // The first line has the names of the columns.
        wrong(raw.lines().count() == 1, Saw::Wrong, || {
            "the program had a raw socket, where it may have a ping socket".to_owned()
        })
        .teaches(
            "A raw socket hears everybody's ICMP and takes a privilege; try the ping socket first, which \
             takes none.",
        )
    })
}

/// Without the capability for raw sockets.
#[test]
fn a_ping_socket_gives_no_header_and_chooses_the_id() -> Graded {
    check_alone(|t| {
        let network = t.network()?;
        network.deny_raw_sockets();
        let host = network.address(0, 9);
        let program = t.run(&[
            "ping",
            &host.to_string(),
            "--count",
            "3",
            "--interval",
            "5",
            "--wait",
            "20000",
        ])?;
        for number in 1..=3 {
            let asked = request(&network, &program, host)?;
            network.deliver(&answer(&asked))?;
            let reply = format!("reply from {host}: seq={number} ");
            let lesson = "A ping socket writes an id of its own into each request: the number of its port, once it \
                 is bound. It gives you messages without the IP header, and their sender beside them.";
            let said = program.line(number).teaches(lesson)?;
            wrong(said.starts_with(&reply), Saw::Wrong, || {
                format!("line {number} on stdout does not say that request {number} was answered")
            })
            .teaches(lesson)?;
        }
        program.expect_exit(0)
    })
}

/// Without a group for ping sockets; a reply with options in its header follows one without.
#[test]
fn a_raw_socket_gives_the_header_too() -> Graded {
    check_alone(|t| {
        let network = t.network()?;
        network.deny_ping_sockets();
        let host = network.address(0, 9);
        let program = t.run(&[
            "ping",
            &host.to_string(),
            "--count",
            "3",
            "--interval",
            "5",
            "--wait",
            "20000",
        ])?;
        for (number, options) in [(1, 0), (2, 4), (3, 40)] {
            let asked = request(&network, &program, host).when(
                Saw::Exit,
                "No ping socket is to be had, but a raw one is: try that before you give up.",
            )?;
            network.deliver(&answer(&asked).options(&vec![1; options]))?;
            let reply = format!("reply from {host}: seq={number} ");
            let lesson = "A raw socket gives you the whole packet: the message begins behind its header, which has \
                 options sometimes and is then longer than 20 bytes.";
            let said = program.line(number).teaches(lesson)?;
            wrong(said.starts_with(&reply), Saw::Wrong, || {
                format!("line {number} on stdout does not say that request {number} was answered")
            })
            .teaches(lesson)?;
        }
        program.expect_exit(0)
    })
}

/// Raw, on loopback, where the requests come back before the answers.
#[test]
fn over_loopback_its_own_requests_come_too() -> Graded {
    check_alone(|t| {
        let network = t.network()?;
        network.deny_ping_sockets();
        let program = t.run(&[
            "ping",
            "127.0.0.1",
            "--count",
            "3",
            "--interval",
            "5",
            "--wait",
            "20000",
        ])?;
        let said = program.output()?;
        let said = String::from_utf8_lossy(&said);
        wrong(
            said.contains("3 sent, 3 received, 0 lost, 0 duplicates\n"),
            Saw::Wrong,
            || "the sum is not that of three requests and three answers".to_owned(),
        )
        .map_err(|failure| failure.expecting("…3 sent, 3 received, 0 lost, 0 duplicates…", said.as_bytes()))
        .teaches("Every raw socket hears what comes to this machine, and on loopback that is your own request as well: give it on like all else, and wait for more.")?;
        program.expect_exit(0)
    })
}

/// Neither kind is to be had.
#[test]
fn a_denial_is_explained() -> Graded {
    check_alone(|t| {
        let network = t.network()?;
        network.deny_raw_sockets();
        let program = t.run(&["ping", "127.0.0.1", "--count", "1", "--wait", "20000"])?;
        program.expect_exit(0)?;
        network.deny_ping_sockets();
        let program = t.run(&["ping", "127.0.0.1", "--count", "1"])?;
        let lesson = "Permission denied helps nobody: name both ways out, the sysctl ping_group_range and \
                      the capability CAP_NET_RAW, and leave with exit code 1.";
        program.expect_failure(1).teaches(lesson)?;
        program.expect_said("CAP_NET_RAW").teaches(lesson)?;
        program.expect_said("ping_group_range").teaches(lesson)
    })
}

/// Two at once, raw, asking the same host; it answers the second first, then both.
#[test]
fn two_at_once_keep_apart() -> Graded {
    check_alone(|t| {
        let network = t.network()?;
        network.deny_ping_sockets();
        let host = network.address(0, 9);
        let run = || t.run(&["ping", &host.to_string(), "--count", "1", "--wait", "20000"]);
        let one = run()?;
        let first = request(&network, &one, host)?;
        let other = run()?;
        let second = request(&network, &other, host)?;
        wrong(
            numbers(&first).0 != numbers(&second).0,
            Saw::Wrong,
            || format!("two programs at once both had the id {}", numbers(&first).0),
        )
        .teaches(
            "Over raw sockets each program hears the replies to all: its id, which is for you to choose, \
             must be another than that of others. The process id will do.",
        )?;
        network.deliver(&answer(&second))?;
        other.expect_exit(0)?;
        network.deliver(&answer(&first))?;
        one.expect_exit(0)?;
        for program in [&one, &other] {
            let said = program.output()?;
            let said = String::from_utf8_lossy(&said).into_owned();
            wrong(
                said.contains("1 sent, 1 received, 0 lost, 0 duplicates\n"),
                Saw::Wrong,
                || "the sum is not that of one request and one answer".to_owned(),
            )?;
        }
        Ok(())
    })
}

/// A stranger answers the first request before the host does, over either kind of socket.
#[test]
fn the_sender_is_told() -> Graded {
    check_alone(|t| {
        let network = t.network()?;
        let host = network.address(0, 9);
        for raw in [false, true] {
            if raw {
                network.deny_ping_sockets();
            }
            let program = t.run(&[
                "ping",
                &host.to_string(),
                "--count",
                "2",
                "--interval",
                "5",
                "--wait",
                "20000",
            ])?;
            let asked = request(&network, &program, host)?;
            let (id, sequence) = numbers(&asked);
            let data = &asked.payload[8..];
            let stranger = network.address(0, 66);
            let forged = echo(0, id, sequence, data);
            network.deliver(&Packet::new(stranger, network.own(), ICMP, forged))?;
            network.deliver(&answer(&asked))?;
            let second = request(&network, &program, host)?;
            network.deliver(&answer(&second))?;
            let said = program.output()?;
            let said = String::from_utf8_lossy(&said).into_owned();
            wrong(
                said.contains("2 received, 0 lost, 0 duplicates\n"),
                Saw::Wrong,
                || "the stranger's answer was counted".to_owned(),
            )
            .map_err(|failure| failure.expecting("…2 received, 0 lost, 0 duplicates…", said.as_bytes()))
            .teaches(
                "Tell who sent a message, as the packet or the call says, and not whom you have asked: the \
                 engine can only compare what it is told.",
            )?;
            program.expect_exit(0)?;
        }
        Ok(())
    })
}
