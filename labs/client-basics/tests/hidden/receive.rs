//! Stage `receive`: nothing, much, and connections that break or never were.

use testbench::prelude::*;

/// The server accepts, says nothing, and closes.
#[test]
fn an_empty_stream_is_one() -> Graded {
    check(|t| {
        let (program, server) = t.meet("receive", &[])?;
        server.close();
        let lesson = "A stream may have no bytes at all: read returns 0 at once, which is its end \
                      and no error.";
        program.expect_output("").teaches(lesson)?;
        program
            .expect_exit(0)
            .when(Saw::Crash, lesson)
            .teaches(lesson)
    })
}

/// A few bytes and ten megabytes, as fast as they go; a look at the memory; then the end.
#[test]
fn ten_megabytes_come_whole() -> Graded {
    check(|t| {
        const MUCH: usize = 10_000_000;
        const ROOM: u64 = 4_000_000;
        let (program, mut server) = t.meet("receive", &[])?;
        let before = program.facts().peak_memory()?;
        let lesson = "However much comes, go round the loop until read returns 0: neither a full \
                      buffer nor a read that brings little is the end.";
        server.send("begin")?;
        server.pause();
        let said = t.bytes(MUCH);
        server.send_until_closed(&said).teaches(lesson)?;
        server.pause();
        let grown = program.facts().peak_memory().teaches(lesson)?;
        let grown = grown.saturating_sub(before);
        wrong(grown < ROOM, Saw::Excess, || {
            format!("the program's memory grew by {} KiB", grown / 1024)
        })
        .teaches("One small buffer is enough for a stream of any length: print, and read again.")?;
        server.close();
        let all = [b"begin", &said[..]].concat();
        program.expect_output(all).teaches(lesson)?;
        program.expect_exit(0).teaches(lesson)
    })
}

/// The server resets the connection in the middle.
#[test]
fn a_reset_keeps_what_came() -> Graded {
    check(|t| {
        let (program, mut server) = t.meet("receive", &[])?;
        let said = t.bytes(1000);
        server.send(&said)?;
        server.pause();
        server.reset()?;

        let lesson = "A reset is a normal network event: report it and exit 1.";
        program
            .expect_failure(1)
            .when(Saw::Crash, lesson)
            .teaches(lesson)?;
        program.expect_output(&said).teaches(
            "What came before the reset did come: print it as it comes, and an error later takes \
             nothing away.",
        )
    })
}

/// Nobody listens at that address. (Somebody did at another, to see that the program works at all.)
#[test]
fn a_refusal_is_told() -> Graded {
    check(|t| {
        let (alive, mut server) = t.meet("receive", &[])?;
        server.send("here")?;
        server.close();
        alive.expect_exit(0)?;

        let nobody = t.listen()?.addr().to_string();
        let program = t.run(&["receive", &nobody])?;
        let lesson = "That nobody listens is an answer: pass the error of connect on, and main \
                      tells it with exit code 1.";
        program
            .expect_failure(1)
            .when(Saw::Crash, lesson)
            .teaches(lesson)?;
        program.expect_output("").teaches(lesson)
    })
}
