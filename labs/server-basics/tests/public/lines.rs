//! Stage `lines`: a reply for each line.

use testbench::prelude::*;

/// One client, three requests, each after the reply to the one before.
#[test]
fn answers_a_request() -> Graded {
    check(|t| {
        let server = t.serve("lines", &[])?;
        let mut client = server.connect()?;
        for _ in 0..3 {
            let (a, b) = (t.number(-999..=999), t.number(-999..=999));
            client.send(format!("ADD {a} {b}\n"))?;
            client
                .expect_line(&(a + b).to_string())
                .when(
                    Saw::Silence,
                    "You wait for EOF, the client waits for your answer: a line is complete with \
                     its newline, answer it then.",
                )
                .when(
                    Saw::Reset,
                    "You ended a conversation that had just begun. If read returned 0 though \
                     bytes had come, its slice was empty: a Vec's capacity is not its length.",
                )
                .teaches(
                    "The reply to a request is the result, one newline, and nothing else. Is it \
                     ERR? calc::answer takes a line without its line end: take LF, or CR LF, away \
                     first.",
                )?;
        }
        Ok(())
    })
}

/// Lines that are no requests, each followed by one that is.
#[test]
fn a_bad_line_is_told_and_the_next_answered() -> Graded {
    check(|t| {
        let server = t.serve("lines", &[])?;
        let mut client = server.connect()?;
        let lesson = "A bad line is the client's mistake, not the end of the conversation: answer \
                      ERR and a reason, and read the next.";
        for bad in ["HELLO", "ADD 1", "ADD 1 2 3", "SUB one 2", ""] {
            client.send(format!("{bad}\n")).teaches(lesson)?;
            client.expect_line_beginning("ERR ").teaches(lesson)?;
            let (a, b) = (t.number(0..=999), t.number(0..=999));
            client.send(format!("SUB {a} {b}\n")).teaches(lesson)?;
            client.expect_line(&(a - b).to_string()).teaches(lesson)?;
        }
        Ok(())
    })
}

/// The line comes in two segments; TCP keeps no message boundaries.
#[test]
fn answers_a_line_cut_in_two() -> Graded {
    check(|t| {
        let server = t.serve("lines", &[])?;
        let mut client = server.connect()?;
        let (a, b) = (t.number(10..=99), t.number(10..=99));
        client.send(format!("ADD {a}"))?;
        client.pause();
        client.send(format!(" {b}\n"))?;
        client.expect_line(&(a + b).to_string()).teaches(
            "TCP gave you part of the line; keep what you have and read again until the newline \
             arrives.",
        )
    })
}
