//! Stage `ping`: a line for each probe, also for those that are lost.

use std::thread;
use std::time::Duration;

use testbench::prelude::*;

use crate::lines;

/// How long the reply to the second probe is held back, when that of the first has come twice.
const HELD_BACK: Duration = Duration::from_millis(300);

/// For a program that leaves before its time.
const LEFT: &str = "The program left before every probe had its line. Was its reason `Resource \
                    temporarily unavailable`? That is a read timeout that has passed, the error \
                    WouldBlock: it means that the time is over, not that something is wrong.";

/// Three probes, three replies.
#[test]
fn each_probe_gets_a_line() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let flags = ["--count", "3", "--interval", "20", "--wait", "20000"];
        let program = t.run(&[&["ping", &addr], &flags[..]].concat())?;
        let (mut tokens, mut times, mut printed) = (Vec::new(), Vec::new(), Vec::new());
        for number in 1..=3 {
            let probe = server.receive(&program).when(Saw::Exit, LEFT)?;
            tokens.push(lines::probe(&probe.bytes, number)?);
            server.send_to(probe.from, &probe.bytes)?;
            let line = program.line(number).when(Saw::Exit, LEFT).teaches(
                "The reply is there: print its line at once, before you wait for anything else.",
            )?;
            times.push(lines::time(&line, number)?);
            printed.push(line + "\n");
        }
        wrong(
            tokens.iter().all(|token| *token == tokens[0]),
            Saw::Wrong,
            || format!("one run has the tokens {}", tokens.join(", ")),
        )
        .teaches("Draw one token for the whole run; it tells this run's replies from others.")?;

        let line = program.line(4).teaches(
            "Every probe has its line, so there is nothing to wait for: sum up and leave.",
        )?;
        lines::summary(&line, 3, &times)
            .teaches("The summary counts the lines above it, and its times are theirs.")?;
        printed.push(line + "\n");
        program.expect_output(printed.concat())?;
        program.expect_exit(0)
    })
}

/// Of three probes the second has no reply, and the third comes before it is given up. Then four
/// probes; the replies to the second and the third are lost.
#[test]
fn a_lost_reply_is_told() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let flags = ["--count", "3", "--interval", "20", "--wait", "60000"];
        let program = t.run(&[&["ping", &addr], &flags[..]].concat())?;
        for number in 1..=3 {
            let probe = server.receive(&program).when(Saw::Exit, LEFT).teaches(
                "The next probe goes out when its time has come, whether or not the one before \
                 has its reply.",
            )?;
            lines::probe(&probe.bytes, number)?;
            if number == 1 {
                server.send_to(probe.from, &probe.bytes)?;
            } else {
                server.lose();
            }
        }

        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let flags = ["--count", "4", "--interval", "20", "--wait", "4000"];
        let program = t.run(&[&["ping", &addr], &flags[..]].concat())?;
        for number in 1..=4 {
            let probe = server.receive(&program).when(Saw::Exit, LEFT)?;
            lines::probe(&probe.bytes, number)?;
            if number == 2 || number == 3 {
                server.lose();
            } else {
                server.send_to(probe.from, &probe.bytes)?;
            }
        }
        let (mut times, mut printed) = (Vec::new(), Vec::new());
        let mut unsaid = vec!["seq=2 lost", "seq=3 lost"];
        for at in 1..=4 {
            let line = program
                .line(at)
                .when(Saw::Exit, LEFT)
                .teaches("A lost packet makes no sound: set a deadline.")?;
            first_of_its_probe(&line, &printed)
                .teaches("A probe's fate is told once: it had a reply, or it is lost.")?;
            match unsaid.iter().position(|lost| *lost == line) {
                Some(said) => drop(unsaid.remove(said)),
                None => times.push(lines::time(&line, [1, 4][times.len().min(1)])?),
            }
            printed.push(line + "\n");
        }
        let line = program.line(5)?;
        lines::summary(&line, 4, &times)?;
        program
            .expect_exit(0)
            .teaches("There were replies, so the way is open: exit with 0.")
    })
}

/// Every reply comes twice, that to the first probe when the second is on its way; the reply to
/// the second is held back for a while.
#[test]
fn a_duplicate_counts_once() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let flags = ["--count", "3", "--interval", "50", "--wait", "20000"];
        let program = t.run(&[&["ping", &addr], &flags[..]].concat())?;
        let (mut times, mut printed) = (Vec::new(), Vec::new());
        let lesson = "The network may deliver a datagram twice: a probe that has its reply takes \
                      no other.";
        let mut first = Vec::new();
        for number in 1..=3 {
            let probe = server.receive(&program)?;
            lines::probe(&probe.bytes, number)?;
            let mut fate = Fate::Doubled;
            if number == 1 {
                first.clone_from(&probe.bytes);
                fate = Fate::Delivered;
            } else if number == 2 {
                server.send_to(probe.from, &first)?;
                thread::sleep(HELD_BACK);
            }
            server.send_to_as(fate, probe.from, &probe.bytes)?;
            let line = program.line(number)?;
            first_of_its_probe(&line, &printed).teaches(lesson)?;
            let time = lines::time(&line, number).teaches(lesson)?;
            // Half of it is for a program that looks at its clock a little later than it sends.
            let least = HELD_BACK.as_secs_f64() * 1000.0 / 2.0;
            wrong(number != 2 || time >= least, Saw::Wrong, || {
                format!(
                    "the reply to probe 2 was held back for {} ms, and its line says {time} ms",
                    HELD_BACK.as_millis()
                )
            })
            .teaches(
                "While it was held back nothing came but the reply to probe 1, for the second \
                 time. A reply belongs to the probe whose bytes it has: compare all of them.",
            )?;
            times.push(time);
            printed.push(line + "\n");
        }
        let line = program.line(4)?;
        lines::summary(&line, 3, &times).teaches(lesson)?;
        printed.push(line + "\n");
        program.expect_output(printed.concat()).teaches(lesson)?;
        program.expect_exit(0)
    })
}

/// None of the lines before is about the probe of this one.
fn first_of_its_probe(line: &str, before: &[String]) -> Outcome {
    let about = |line: &str| line.split(' ').next().map(str::to_owned);
    let told = before.iter().find(|told| about(told) == about(line));
    wrong(told.is_none(), Saw::Wrong, || {
        "this probe has a line already; each gets exactly one".to_owned()
    })
    .map_err(|failure| failure.expecting("a line about another probe", line.as_bytes()))
}
