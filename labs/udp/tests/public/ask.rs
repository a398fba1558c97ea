//! Stage `ask`: a question, its answer, and what to do without one.

use std::time::{Duration, Instant};

use testbench::prelude::*;

use crate::questions::question;

/// The three operations, each answered at once.
#[test]
fn prints_the_value() -> Graded {
    check(|t| {
        let (key, value) = (t.word(8), t.word(20));
        let number = t.number(1..=9999).to_string();
        let get = ["get", &key];
        let put = ["put", &key, &value];
        let increase = ["incr", &key];
        for (words, operation, answer) in [
            (&get[..], format!("GET {key}"), &value),
            (&put[..], format!("PUT {key} {value}"), &value),
            (&increase[..], format!("INCR {key}"), &number),
        ] {
            let mut server = t.datagram_peer("server")?;
            let addr = server.addr().to_string();
            let ask = ["ask", &addr, "--retry-ms", "2000"];
            let program = t.run(&[&ask, words].concat())?;
            let question = question(&mut server, &program, &operation).teaches(
                "A request is the id, one blank, and the operation as you were given it.",
            )?;
            server.send_to(question.from, format!("{} OK {answer}", question.id))?;
            program
                .expect_output(answer)
                .teaches("The value is what stands behind `OK` and one blank.")?;
            program.expect_exit(0)?;
        }
        Ok(())
    })
}

/// The first two requests are lost; the third is answered.
#[test]
fn asks_again_when_nothing_comes() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let (key, value) = (t.word(8), t.word(20));
        let program = t.run(&["ask", &addr, "--retry-ms", "300", "incr", &key])?;
        let operation = format!("INCR {key}");
        let first = question(&mut server, &program, &operation)?;
        server.lose();
        for again in 1..=2 {
            let next = server.receive(&program).teaches(
                "A request or its answer can be lost, and nobody tells you: send again when the \
                 wait is over.",
            )?;
            differs("the request sent again", &first.bytes, &next.bytes).teaches(
                "A retry is the same request: with the same id the server knows it again and \
                 does not execute it twice.",
            )?;
            if again == 1 {
                server.lose();
            }
        }
        server.send_to(first.from, format!("{} OK {value}", first.id))?;
        program.expect_output(value)?;
        program.expect_exit(0)
    })
}

/// Nothing is answered. Three tries with waits of 100, 200 and 400 ms, and that is all.
#[test]
fn gives_up_after_the_last_try() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let key = t.word(8);
        let flags = ["--retry-ms", "100", "--tries", "3"];
        let began = Instant::now();
        let program = t.run(&[&["ask", &addr], &flags[..], &["get", &key]].concat())?;
        let operation = format!("GET {key}");
        let lesson = "Send again a bounded number of times, waiting longer each time; when the \
                      last wait is over, exit with 4.";
        for _ in 0..3 {
            question(&mut server, &program, &operation).teaches(lesson)?;
            server.lose();
        }
        let more = server.receive_within(&program, PATIENCE)?;
        wrong(more.is_none(), Saw::Wrong, || {
            "--tries was 3, and a fourth request came".to_owned()
        })
        .teaches(lesson)?;
        program.expect_failure(4).teaches(lesson)?;
        let waits = Duration::from_millis(100 + 200 + 400);
        wrong(began.elapsed() >= waits, Saw::Exit, || {
            format!(
                "the program gave up after {} ms, and its waits of 100, 200 and 400 ms are {}",
                began.elapsed().as_millis(),
                waits.as_millis()
            )
        })
        .teaches("The answer to the last try takes its time too: wait for it as well.")
    })
}

/// The server knows no such key; the server takes no request of that length.
#[test]
fn no_is_exit_1() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let (key, value) = (t.word(8), t.word(600));
        let program = t.run(&["ask", &addr, "--retry-ms", "2000", "get", &key])?;
        let asked = question(&mut server, &program, &format!("GET {key}"))?;
        server.send_to(asked.from, format!("{} ERR no such key", asked.id))?;
        let lesson = "ERR is an answer, and the answer is no: the reason goes to stderr, nothing \
                      to stdout, and the exit code is 1.";
        program.expect_output("").teaches(lesson)?;
        program.expect_failure(1).teaches(lesson)?;

        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let program = t.run(&["ask", &addr, "--retry-ms", "2000", "put", &key, &value])?;
        let asked = question(&mut server, &program, &format!("PUT {key} {value}"))?;
        server.send_to(asked.from, format!("TOOBIG {}", asked.bytes.len()))?;
        let lesson = "TOOBIG has no id, but it tells the length of your request: that is a no, \
                      and asking again would not help.";
        program.expect_output("").teaches(lesson)?;
        program.expect_failure(1).teaches(lesson)
    })
}
