//! Stage `netcat`: full pipes, empty ones, and a broken one.

use std::time::Duration;

use testbench::prelude::*;

/// An echo that reads on only when what it sent is taken: both directions are full all the time.
#[test]
fn an_echo_fills_both_ways() -> Graded {
    check(|t| {
        const MUCH: usize = 24 << 20;
        let (program, mut server) = t.meet("netcat", &[])?;
        let payload = t.bytes(MUCH);
        program.feed(payload.clone())?;
        let lesson = "Both ends are waiting for the other to read: read while you write, with a \
                      thread for each direction, or with poll.";
        loop {
            let part = server.read_to_close(1).teaches(lesson)?;
            if part.is_empty() {
                break;
            }
            server.send(part).teaches(lesson)?;
        }
        server.close();
        program.expect_output(payload).teaches(lesson)?;
        program.expect_exit(0).teaches(lesson)
    })
}

/// Nothing passes: first with stdin open, then with stdin ended.
#[test]
fn waits_quietly() -> Graded {
    check(|t| {
        const SAMPLE: Duration = Duration::from_millis(150);
        let (program, mut server) = t.meet("netcat", &[])?;
        for when in ["for both", "for the server alone"] {
            if when == "for the server alone" {
                program.end_input();
                server.expect_end()?;
            } else {
                let word = t.word(5);
                program.type_in(&word)?;
                server.expect(&word)?;
            }
            let share = program.facts().busy_share(SAMPLE)?;
            wrong(share < 0.5, Saw::Spinning, || {
                format!(
                    "while it waited {when}, the program used {:.0} % of a processor",
                    share * 100.0
                )
            })
            .teaches(
                "Nothing passes, and you compute: a descriptor at its end stays readable for \
                 ever, so stop asking it, and sleep in a call that waits.",
            )?;
        }
        server.send("bye")?;
        server.close();
        program.expect_output("bye")?;
        program.expect_exit(0)
    })
}

/// The server resets the connection, while stdin is open.
#[test]
fn a_reset_is_told() -> Graded {
    check(|t| {
        let (program, mut server) = t.meet("netcat", &[])?;
        let said = t.bytes(1000);
        server.send(&said)?;
        program.expect_output_so_far(&said)?;
        server.reset()?;
        let lesson = "A connection that breaks is not one that ends: the reason goes to stderr, \
                      and the exit code is 1.";
        program
            .expect_failure(1)
            .when(Saw::Crash, lesson)
            .teaches(lesson)
    })
}
