//! Stage `deadlines`: silence, a black hole, and no limit at all.

use std::thread;
use std::time::{Duration, Instant};

use testbench::prelude::*;

/// The server takes its time, says something and falls silent.
#[test]
fn silence_ends_at_the_limit() -> Graded {
    check(|t| {
        // Less than the limit: the kernel counts in ticks of up to 10 ms.
        const LEAST: Duration = Duration::from_millis(370);
        let began = Instant::now();
        let (program, mut server) = t.meet("deadlines", &["--read-timeout", "400"])?;
        thread::sleep(Duration::from_millis(150));
        let word = t.word(12);
        let silent_since = Instant::now();
        server.send(&word)?;
        program
            .expect_failure(4)
            .when(
                Saw::Silence,
                "set_read_timeout bounds the wait of a read; without it a silent server holds \
                 you for ever.",
            )
            .teaches(
                "On Unix an expired read timeout is WouldBlock, elsewhere TimedOut: accept both, \
                 and leave with Failure::Deadline.",
            )?;
        let waited = silent_since.elapsed();
        if waited < LEAST && silent_since - began >= LEAST {
            // Silent for too long was this check.
            return Err(Failure::too_busy("break the silence in time"));
        }
        wrong(waited >= LEAST, Saw::Exit, || {
            format!(
                "the program waited only {} ms after the last byte",
                waited.as_millis()
            )
        })
        .teaches(
            "--read-timeout is what the server may be silent since its last byte: not less.",
        )?;
        program
            .expect_output(&word)
            .teaches("What came before the silence did come: it belongs on stdout.")?;
        program.expect_said("read-timeout").teaches(
            "Three limits can end the program: say on stderr which one it was, by its option.",
        )
    })
}

/// No limits: the server takes its time, twice, and the program waits.
#[test]
fn no_limit_is_none() -> Graded {
    check(|t| {
        let zeros = [
            "--connect-timeout",
            "0",
            "--read-timeout",
            "0",
            "--total-timeout",
            "0",
        ];
        for flags in [&zeros[..], &[]] {
            let (program, mut server) = t.meet("deadlines", flags)?;
            thread::sleep(Duration::from_millis(200));
            let word = t.word(12);
            let lesson = "No limit is None. Zero is another thing: std refuses it as a timeout, \
                          and 'do not wait' is set_nonblocking.";
            server.send(&word).teaches(lesson)?;
            server.close();
            program
                .expect_output(&word)
                .when(Saw::Crash, lesson)
                .teaches(lesson)?;
            program.expect_exit(0).teaches(lesson)?;
        }
        Ok(())
    })
}

/// An address that neither accepts nor refuses.
#[test]
fn a_black_hole_is_given_up() -> Graded {
    check(|t| {
        // Less than the limit: the kernel counts in ticks of up to 10 ms.
        const LEAST: Duration = Duration::from_millis(270);
        let (alive, server) = t.meet("deadlines", &["--connect-timeout", "300"])?;
        server.close();
        alive
            .expect_exit(0)
            .teaches("This server could be reached, and ended its stream: exit 0.")?;

        let hole = t.black_hole()?;
        let addr = hole.addr().to_string();
        let began = Instant::now();
        let program = t.run(&["deadlines", &addr, "--connect-timeout", "300"])?;
        program
            .expect_failure(4)
            .when(
                Saw::Silence,
                "A dropped SYN is retried for minutes; bound the wait, with connect_timeout.",
            )
            .teaches("The connection was not made in time: that is a deadline, exit code 4.")?;
        let waited = began.elapsed();
        wrong(waited >= LEAST, Saw::Exit, || {
            format!("the program tried for only {} ms", waited.as_millis())
        })
        .teaches("--connect-timeout is what connecting may take: try that long.")?;
        program
            .expect_said("connect-timeout")
            .teaches("Say on stderr which of the limits it was, by its option.")
    })
}
