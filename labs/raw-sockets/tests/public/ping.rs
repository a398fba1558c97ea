//! Stage `ping`: a machine that answers, and one that does not.

use testbench::prelude::*;

/// Loopback: the kernel answers.
#[test]
fn hears_who_answers() -> Graded {
    check_alone(|t| {
        t.network()?;
        let program = t.run(&["ping", "127.0.0.1", "--count", "3", "--interval", "5"])?;
        let said = program.output()?;
        let said = String::from_utf8_lossy(&said).into_owned();
        let lesson = "Send each message to the target, wait for what comes until the time that is given, \
                      and give it on without an IP header.";
        program.expect_exit(0).teaches(lesson)?;
        for number in 1..=3 {
            let reply = format!("reply from 127.0.0.1: seq={number} time=");
            wrong(said.contains(&reply), Saw::Wrong, || {
                format!("the program did not print that request {number} was answered")
            })
            .map_err(|failure| failure.expecting(format!("…{reply}…"), said.as_bytes()))
            .teaches(lesson)?;
        }
        wrong(
            said.contains("3 sent, 3 received, 0 lost, 0 duplicates\n"),
            Saw::Wrong,
            || "the sum is not that of three requests and three answers".to_owned(),
        )
        .teaches(lesson)
    })
}

/// A host that gets the requests and says nothing.
#[test]
fn silence_comes_to_an_end() -> Graded {
    check_alone(|t| {
        let network = t.network()?;
        let host = network.address(0, 9).to_string();
        let program = t.run(&[
            "ping",
            &host,
            "--count",
            "2",
            "--interval",
            "5",
            "--wait",
            "20",
        ])?;
        let lesson =
            "Nothing comes: receive must give nothing back when its time is over, and not wait on.";
        for _ in 0..2 {
            network.next(&program, "an echo request").teaches(lesson)?;
        }
        program
            .expect_output("2 sent, 0 received, 2 lost, 0 duplicates\n")
            .teaches(lesson)?;
        program.expect_exit(1)
    })
}
