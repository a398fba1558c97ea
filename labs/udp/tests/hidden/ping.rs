//! Stage `ping`: late, strange, shuffled, missing.

use std::thread;
use std::time::{Duration, Instant};

use testbench::prelude::*;

use crate::lines;

/// Three probes go out at once; the replies come in the opposite order.
#[test]
fn replies_may_come_in_another_order() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let flags = ["--count", "3", "--interval", "0", "--wait", "20000"];
        let program = t.run(&[&["ping", &addr], &flags[..]].concat())?;
        let mut probes = Vec::new();
        for number in 1..=3 {
            let probe = server.receive(&program).teaches(
                "Do not wait for one reply before you send the next probe: several may be on \
                 their way.",
            )?;
            lines::probe(&probe.bytes, number)?;
            probes.push((number, probe));
        }
        let mut times = Vec::new();
        for (number, probe) in probes.iter().rev() {
            server.send_to(probe.from, &probe.bytes)?;
            let line = program.line(times.len() + 1)?;
            let time = lines::time(&line, *number);
            times.push(time.teaches(
                "Replies overtake each other: find the probe by what the reply says, not by \
                 whose turn it is.",
            )?);
        }
        wrong(times.is_sorted(), Saw::Wrong, || {
            format!(
                "the reply that came first took {} ms, the last {} ms",
                times[0], times[2]
            )
        })
        .teaches("A probe's time runs from its own sending to its own reply.")?;
        lines::summary(&program.line(4)?, 3, &times)?;
        program.expect_exit(0)
    })
}

/// The reply to the first probe comes when the second is on its way, which has none.
#[test]
fn a_late_reply_counts_for_nobody() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let flags = ["--count", "2", "--interval", "300", "--wait", "200"];
        let program = t.run(&[&["ping", &addr], &flags[..]].concat())?;
        let first = server.receive(&program)?;
        let came = Instant::now();
        lines::probe(&first.bytes, 1)?;
        let second = server.receive(&program)?;
        lines::probe(&second.bytes, 2)?;
        // The first probe may have gone out late, the second in time: late is `--wait` behind the
        // first, and a little more.
        thread::sleep(Duration::from_millis(250).saturating_sub(came.elapsed()));
        server.send_to(first.from, &first.bytes)?;
        let expected = "seq=1 lost\nseq=2 lost\nsent=2 received=0 lost=2\n";
        program.expect_output(expected).teaches(
            "A reply that comes late is still the reply to its own probe, and that one is lost \
             already: it says nothing about a later one.",
        )?;
        program.expect_failure(4)
    })
}

/// A stranger has heard of the probe and replies in the server's place.
#[test]
fn a_stranger_is_not_believed() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let mut stranger = t.datagram_peer("stranger")?;
        let addr = server.addr().to_string();
        let flags = ["--count", "1", "--wait", "1000"];
        let program = t.run(&[&["ping", &addr], &flags[..]].concat())?;
        let probe = server.receive(&program)?;
        lines::probe(&probe.bytes, 1)?;
        stranger.send_to(probe.from, &probe.bytes)?;
        server.lose();
        let expected = "seq=1 lost\nsent=1 received=0 lost=1\n";
        program
            .expect_output(expected)
            .teaches("Check who answered; connect() the socket or compare the source.")?;
        program.expect_failure(4)
    })
}

/// The server sends nonsense and probes that were never sent; a fifth of a second later the reply.
#[test]
fn junk_is_no_reply() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let flags = ["--count", "1", "--wait", "20000"];
        let program = t.run(&[&["ping", &addr], &flags[..]].concat())?;
        let probe = server.receive(&program)?;
        let came = Instant::now();
        let token = lines::probe(&probe.bytes, 1)?;
        let mut other_token = token.clone().into_bytes();
        other_token.reverse();
        other_token[0] ^= 1;
        let lesson = "A reply is the very bytes of a probe that is on its way. Everything else is \
                      junk that anyone can send: ignore it, and index nothing with its numbers.";
        for junk in [
            b"".to_vec(),
            b"PING".to_vec(),
            t.bytes(40),
            b"\xff\xfe\x00".to_vec(),
            format!("PING 0 {token}").into_bytes(),
            format!("PING 2 {token}").into_bytes(),
            format!("PING 18446744073709551616 {token}").into_bytes(),
            [b"PING 1 ", &other_token[..]].concat(),
            [&probe.bytes[..], b"\n"].concat(),
            probe.bytes[..probe.bytes.len() - 1].to_vec(),
        ] {
            server.send_to(probe.from, junk)?;
        }
        thread::sleep(Duration::from_millis(200));
        let waited = came.elapsed();
        server.send_to(probe.from, &probe.bytes)?;
        let (line, summary) = (program.line(1), program.line(2));
        let line = line.when(Saw::Crash, lesson).teaches(lesson)?;
        let time = lines::time(&line, 1).teaches(lesson)?;
        wrong(time >= waited.as_secs_f64() * 1000.0, Saw::Wrong, || {
            format!(
                "the reply was sent after {} ms, and came after {time}",
                waited.as_millis()
            )
        })
        .teaches(lesson)?;
        let summary = summary.when(Saw::Crash, lesson).teaches(lesson)?;
        lines::summary(&summary, 1, &[time]).teaches(lesson)?;
        program
            .expect_output(format!("{line}\n{summary}\n"))
            .teaches(lesson)?;
        program.expect_exit(0)
    })
}

/// Nobody replies to anything.
#[test]
fn no_reply_at_all_is_exit_4() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let flags = ["--count", "2", "--interval", "20", "--wait", "100"];
        let program = t.run(&[&["ping", &addr], &flags[..]].concat())?;
        for number in 1..=2 {
            lines::probe(&server.receive(&program)?.bytes, number)?;
            server.lose();
        }
        let lesson = "Without a single reply there are no times to sum up, and the deadline of \
                      every probe has passed: say so, and exit with 4.";
        program
            .expect_output("seq=1 lost\nseq=2 lost\nsent=2 received=0 lost=2\n")
            .when(Saw::Crash, lesson)
            .teaches(lesson)?;
        program.expect_failure(4).teaches(lesson)
    })
}

/// Nobody receives at the address.
#[test]
fn a_closed_port_is_told_at_once() -> Graded {
    check(|t| {
        let closed = t.closed_datagram_port()?;
        let addr = closed.addr().to_string();
        let program = t.run(&["ping", &addr, "--count", "3", "--wait", "60000"])?;
        program
            .expect_failure(1)
            .when(
                Saw::Crash,
                "ECONNREFUSED is a normal answer to a datagram, and it comes with a later call: \
                 handle it wherever you send or receive.",
            )
            .when(
                Saw::Silence,
                "The kernel was told that the port is closed, and tells only a socket that is \
                 connected to it.",
            )
            .teaches(
                "That error belongs to an earlier datagram: the port was closed. It is an answer, \
                 and the answer is no: exit with 1.",
            )
    })
}

/// Four probes, replied to at once.
#[test]
fn probes_keep_their_interval() -> Graded {
    check(|t| {
        const INTERVAL: Duration = Duration::from_millis(200);
        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let flags = ["--count", "4", "--interval", "200", "--wait", "20000"];
        let began = Instant::now();
        let program = t.run(&[&["ping", &addr], &flags[..]].concat())?;
        for number in 1..=4 {
            let probe = server.receive(&program)?;
            lines::probe(&probe.bytes, number)?;
            let due = INTERVAL * u32::try_from(number - 1).unwrap_or(u32::MAX);
            wrong(began.elapsed() >= due, Saw::Wrong, || {
                format!(
                    "probe {number} came {} ms after the program was started",
                    began.elapsed().as_millis()
                )
            })
            .teaches(
                "One probe each --interval, also when replies come at once: more is a flood.",
            )?;
            server.send_to(probe.from, &probe.bytes)?;
        }
        program.expect_exit(0)
    })
}
