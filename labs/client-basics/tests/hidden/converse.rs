//! Stage `converse`: much, late, early, and not what one would expect.

use std::time::{Duration, Instant};

use testbench::prelude::*;

/// Replies with no sense in them, some of several bytes that are no text, cut anywhere.
#[test]
fn prints_what_the_server_says() -> Graded {
    check(|t| {
        let (program, mut server) = t.meet("converse", &[])?;
        program.feed("ADD 2 3\nMUL 6 7\nSUB 1 1\nADD 1 1\n")?;
        for request in ["ADD 2 3", "MUL 6 7", "SUB 1 1", "ADD 1 1"] {
            server.expect_line(request)?;
        }
        let odd = [b"6\n  ERR \xff\xfe\0 \r\n\n", t.word(9).as_bytes(), b"\n"].concat();
        let lesson = "Only the server knows its replies: print the bytes that came, not what you \
                      make of them.";
        server
            .send_in_pieces(&odd, &t.piece_sizes(4))
            .teaches(lesson)?;
        server
            .expect_end()
            .when(Saw::Crash, lesson)
            .teaches(lesson)?;
        server.close();
        program
            .expect_output(&odd)
            .when(Saw::Crash, lesson)
            .teaches(lesson)?;
        program.expect_exit(0).teaches(lesson)
    })
}

/// Twenty thousand long lines, to a server that reads on only when its replies are taken.
#[test]
fn a_flood_passes() -> Graded {
    check(|t| {
        const LINES: usize = 20_000;
        let (program, mut server) = t.meet("converse", &[])?;
        let line = format!("{}\n", t.word(999));
        let reply = format!("{}\n", t.word(999));
        program.feed(line.repeat(LINES))?;
        let lesson = "Both ends are waiting for the other to read: print replies while you send.";
        let mut received = 0;
        loop {
            let part = server.read_to_close(1).teaches(lesson)?;
            if part.is_empty() {
                break;
            }
            let before = received / line.len();
            received += part.len();
            let complete = received / line.len() - before;
            if complete > 0 {
                server.send(reply.repeat(complete)).teaches(lesson)?;
            }
        }
        let expected = LINES * line.len();
        wrong(received == expected, Saw::Wrong, || {
            format!("the server got {received} bytes of {expected}")
        })
        .teaches(lesson)?;
        server.close();
        program.expect_output(reply.repeat(LINES)).teaches(lesson)?;
        program.expect_exit(0).teaches(lesson)
    })
}

/// A server that answers the first line when it has twenty.
#[test]
fn a_late_reply_holds_no_line() -> Graded {
    check(|t| {
        let (program, mut server) = t.meet("converse", &[])?;
        let requests: Vec<String> = (0..20).map(|_| t.word(12)).collect();
        program.type_in(requests.join("\n") + "\n")?;
        for request in &requests {
            server.expect_line(request).teaches(
                "The server may take its time, and answer in bursts: do not wait for a reply \
                 before you send the next line.",
            )?;
        }
        let replies = "ok\n".repeat(20);
        server.send(&replies)?;
        program.expect_output_so_far(&replies)?;
        program.end_input();
        server.expect_end()?;
        server.close();
        program.expect_exit(0)
    })
}

/// Thirty lines, one after another, at a server whose acknowledgements are delayed.
///
/// A line that is written in two parts comes in two parts: Nagle's algorithm holds the second
/// until the first is acknowledged. All lines of a good while have to come so, and late, before
/// it counts: a busy machine delays one now and then.
#[test]
fn a_small_line_leaves_at_once() -> Graded {
    check(|t| {
        const HELD: Duration = Duration::from_millis(20);
        let (program, mut server) = t.meet("converse", &[])?;
        let mut held_in_a_row = 0;
        for _ in 0..30 {
            let request = t.word(12);
            program.type_in(format!("{request}\n"))?;
            server.expect(&request[..1])?;
            let first = Instant::now();
            server.expect_line(&request[1..])?;
            held_in_a_row = if first.elapsed() >= HELD {
                held_in_a_row + 1
            } else {
                0
            };
            server.send("ok\n")?;
        }
        wrong(held_in_a_row < 10, Saw::Wrong, || {
            format!("the rest of a line came late, {held_in_a_row} times in a row")
        })
        .teaches(
            "Nagle waits for the ACK and the peer delays it (RFC 9293 3.7.4, 3.8.6.3): send a \
             line in one write, or set TCP_NODELAY.",
        )?;
        program.expect_output_so_far("ok\n".repeat(30))?;
        program.end_input();
        server.expect_end()
    })
}

/// The last line of stdin has no line end; and once, stdin is empty.
#[test]
fn the_last_line_gets_its_end() -> Graded {
    check(|t| {
        let (first, last) = (t.word(12), t.word(12));
        let lesson = "A last line without a newline is still a line to who wrote it, but not to \
                      the server: send its end too, and none where there is no line.";
        for (requests, sent) in [
            (format!("{first}\n{last}"), format!("{first}\n{last}\n")),
            (format!("{first}\n"), format!("{first}\n")),
            (String::new(), String::new()),
        ] {
            let (program, mut server) = t.meet("converse", &[])?;
            program.feed(requests)?;
            server.expect(&sent).teaches(lesson)?;
            server.expect_end().teaches(lesson)?;
            server.send("ok\n".repeat(sent.lines().count()))?;
            server.close();
            program.expect_exit(0).teaches(lesson)?;
        }
        Ok(())
    })
}

/// Three requests, two replies and a piece of the third.
#[test]
fn a_missing_reply_is_told() -> Graded {
    check(|t| {
        let (program, mut server) = t.meet("converse", &[])?;
        program.feed("ADD 2 3\nADD 4 5\nADD 6 7\n")?;
        server.expect("ADD 2 3\nADD 4 5\nADD 6 7\n")?;
        server.expect_end()?;
        server.send("5\n9\n1")?;
        server.close();
        program.expect_output("5\n9\n1")?;
        program.expect_failure(3).teaches(
            "You know how many lines you have sent: a stream that ends after fewer replies is a \
             broken conversation, and the exit code says so.",
        )
    })
}

/// The server says that it is busy and ends the stream; nobody touches the keyboard.
#[test]
fn a_server_that_ends_first_is_told() -> Graded {
    check(|t| {
        let (program, mut server) = t.meet("converse", &[])?;
        server.send("BUSY\n")?;
        server.close();
        program.expect_output_so_far("BUSY\n")?;
        program
            .expect_failure(3)
            .when(
                Saw::Silence,
                "The server has gone, and a read of stdin waits for a key that need never be \
                 pressed: leave without waiting for the thread that reads.",
            )
            .teaches("There was more to ask, and the server ended the conversation: exit 3.")
    })
}
