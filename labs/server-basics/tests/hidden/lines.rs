//! Stage `lines`: cuts, crowds, limits and odd bytes.

use testbench::prelude::*;

const NOT_TEXT: &str = "Read bytes, and decode a line only when you have it: one that is no text \
                        gets ERR like any other bad line.";

/// Every cut of a line into two, then one byte at a time, then pieces from the seed.
#[test]
fn answers_a_line_cut_anywhere() -> Graded {
    check(|t| {
        let server = t.serve("lines", &[])?;
        let mut client = server.connect()?;
        let (a, b) = (t.number(10..=99), t.number(-99..=-10));
        let (line, reply) = (format!("MUL {a} {b}\n"), (a * b).to_string());
        let cuts = (1..line.len()).map(|at| vec![at, line.len()]);
        for sizes in cuts.chain([vec![1], t.piece_sizes(3)]) {
            let told = client
                .send_in_pieces(&line, &sizes)
                .and_then(|()| client.expect_line(&reply));
            told.teaches(
                "A line may come in any number of pieces: read until its newline is there, \
                 however often that is.",
            )?;
        }
        Ok(())
    })
}

/// A hundred requests and a half in one write, then the other half.
#[test]
fn answers_many_lines_in_one_segment() -> Graded {
    check(|t| {
        let server = t.serve("lines", &[])?;
        let mut client = server.connect()?;
        let pairs: Vec<_> = (0..100)
            .map(|_| (t.number(0..=99), t.number(0..=99)))
            .collect();
        let requests: String = pairs
            .iter()
            .map(|(a, b)| format!("ADD {a} {b}\n"))
            .collect();
        let replies: String = pairs.iter().map(|(a, b)| format!("{}\n", a + b)).collect();
        let lesson = "Your read returned the end of this message and the start of the next; save \
                      the leftover.";
        client.send(format!("{requests}SUB 7"))?;
        client.expect(&replies).teaches(lesson)?;
        client.pause();
        client.send(" 8\n")?;
        client.expect_line("-1").teaches(lesson)
    })
}

/// CR LF ends a line as LF does, in one segment, mixed, and cut between the two.
#[test]
fn crlf_ends_a_line_too() -> Graded {
    check(|t| {
        let server = t.serve("lines", &[])?;
        let mut client = server.connect()?;
        let lesson = "CR LF ends one line: take the CR away before you look at the line, wherever \
                      the bytes were cut.";
        client.send("ADD 1 2\r\nADD 3 4\nADD 5 6\r\n")?;
        client.expect("3\n7\n11\n").teaches(lesson)?;
        client.send_in_pieces("ADD 7 8\r\n", &[8])?;
        client.expect_line("15").teaches(lesson)?;
        // Had the line end counted twice, a reply too many would stand here.
        client.send("ADD 9 9\r\n")?;
        client.expect_line("18").teaches(lesson)
    })
}

/// Results that 64 bits with a sign cannot hold, then one that they just can.
#[test]
fn a_sum_too_large_is_told() -> Graded {
    check(|t| {
        let server = t.serve("lines", &[])?;
        let mut client = server.connect()?;
        let (max, min) = (i64::MAX, i64::MIN);
        let lesson = "The peer chooses the numbers: use checked arithmetic, and answer ERR when \
                      the result does not fit.";
        for request in [
            format!("ADD {max} 1"),
            format!("SUB {min} 1"),
            format!("MUL {max} {max}"),
        ] {
            client.send(format!("{request}\n")).teaches(lesson)?;
            let told = client.expect_line_beginning("ERR ");
            told.when(Saw::Crash, lesson).teaches(lesson)?;
        }
        client.send(format!("SUB -1 {max}\n"))?;
        client.expect_line(&min.to_string()).teaches(lesson)
    })
}

/// A line of bytes that are no UTF-8, and one with a NUL; the next is answered as usual.
#[test]
fn bytes_that_are_no_text_are_told() -> Graded {
    check(|t| {
        let server = t.serve("lines", &[])?;
        let mut client = server.connect()?;
        for bad in [&b"\xff\xfe\xfd"[..], b"ADD \xc3 1", b"ADD 1 2\0"] {
            client.send([bad, b"\n"].concat()).teaches(NOT_TEXT)?;
            let told = client.expect_line_beginning("ERR ");
            told.when(Saw::Crash, NOT_TEXT).teaches(NOT_TEXT)?;
            client.send("ADD 20 22\n").teaches(NOT_TEXT)?;
            client.expect_line("42").teaches(NOT_TEXT)?;
        }
        Ok(())
    })
}

/// A line of exactly 1024 bytes is a request, with LF and with CR LF; 1025 bytes are not.
#[test]
fn the_limit_is_1024_bytes() -> Graded {
    check(|t| {
        let line = |length: usize| format!("ADD 40 {:0>1$}", "2", length - "ADD 40 ".len());
        let server = t.serve("lines", &[])?;
        for end in ["\n", "\r\n"] {
            let mut client = server.connect()?;
            client.send(line(1024) + end)?;
            client
                .expect_line("42")
                .teaches("1024 bytes are allowed, and the line end is not counted among them.")?;
            client.send(line(1025) + end)?;
            client.expect_line("ERR too long").teaches(
                "A line of more than 1024 bytes is too long, even when its end has come.",
            )?;
            client.expect_closed().teaches(
                "After ERR too long the server closes: what follows may still be the same line.",
            )?;
        }
        Ok(())
    })
}

/// A hundred megabytes come, and no newline among them.
#[test]
fn an_endless_line_costs_no_memory() -> Graded {
    check(|t| {
        const ROOM: u64 = 8 << 20;
        let server = t.serve("lines", &[])?;
        let mut client = server.connect()?;
        client.send("ADD 1 2\n")?;
        client.expect_line("3")?;

        let before = server.facts().peak_memory()?;
        let megabyte = vec![b'x'; 1 << 20];
        for _ in 0..100 {
            let taken = client.send_until_closed(&megabyte)?;
            let grown = server.facts().peak_memory()?.saturating_sub(before);
            wrong(grown < ROOM, Saw::Excess, || {
                format!(
                    "the program's memory grew by {} KiB for one line",
                    grown / 1024
                )
            })
            .teaches(
                "A peer that never sends a newline must not own your memory: cap and close.",
            )?;
            if taken < megabyte.len() {
                break;
            }
        }
        Ok(())
    })
}

/// A request and a half, then the end of the stream; afterwards another client.
#[test]
fn half_close_is_answered() -> Graded {
    check(|t| {
        let server = t.serve("lines", &[])?;
        let mut client = server.connect()?;
        client.send("ADD 4 5\nADD 6 7")?;
        client.half_close()?;
        client.expect_line("9").teaches(
            "The client stopped talking but still listens: answer every line it completed, then \
             close.",
        )?;
        client
            .expect_closed()
            .when(
                Saw::Wrong,
                "A last line without its newline is half a line: the client may have been cut \
                 off in the middle of a number. Ignore it.",
            )
            .teaches("read returned 0: no line will come any more, so close.")?;

        let next = server.connect().and_then(|mut next| {
            next.send("ADD 1 1\n")?;
            next.half_close()?;
            next.expect_line("2")
        });
        next.teaches("When one client is done, accept the next.")
    })
}
