//! Stage `ask`: waits, ids, strangers, nonsense.

use std::time::{Duration, Instant};

use testbench::prelude::*;

use crate::questions::question;

/// Four tries with nothing answered: they are due at 0, 200, 600 and 1400 ms.
#[test]
fn waits_longer_each_time() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let key = t.word(8);
        let began = Instant::now();
        let program = t.run(&["ask", &addr, "--retry-ms", "200", "get", &key])?;
        for due in [0, 200, 600, 1400].map(Duration::from_millis) {
            let came = question(&mut server, &program, &format!("GET {key}"));
            came.teaches("By default there are four tries.")?;
            server.lose();
            wrong(began.elapsed() >= due, Saw::Wrong, || {
                format!(
                    "a request that is due after {} ms came {} ms after the program was started",
                    due.as_millis(),
                    began.elapsed().as_millis()
                )
            })
            .teaches(
                "Double the wait each time: if answers are lost because the network is full, \
                 asking at the same pace keeps it full.",
            )?;
        }
        Ok(())
    })
}

/// The answer comes at once; the first wait would take twenty seconds.
#[test]
fn an_answer_at_once_costs_no_wait() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let (key, value) = (t.word(8), t.word(20));
        let program = t.run(&["ask", &addr, "--retry-ms", "20000", "get", &key])?;
        let asked = question(&mut server, &program, &format!("GET {key}"))?;
        server.send_to(asked.from, format!("{} OK {value}", asked.id))?;
        let lesson = "Do not sleep until the wait is over: receive with a deadline, and be done \
                      as soon as the answer is there.";
        program.expect_output(&value).teaches(lesson)?;
        program.expect_exit(0).teaches(lesson)
    })
}

/// Four runs ask the same question.
#[test]
fn each_question_has_an_id_of_its_own() -> Graded {
    check(|t| {
        let key = t.word(8);
        let mut ids = Vec::new();
        for _ in 0..4 {
            let mut server = t.datagram_peer("server")?;
            let addr = server.addr().to_string();
            let program = t.run(&["ask", &addr, "--retry-ms", "2000", "incr", &key])?;
            let asked = question(&mut server, &program, &format!("INCR {key}"))?;
            server.send_to(asked.from, format!("{} OK 1", asked.id))?;
            program.expect_exit(0)?;
            wrong(!ids.contains(&asked.id), Saw::Wrong, || {
                format!("two runs have the id {}", asked.id)
            })
            .teaches(
                "Ports come round again: a new question with an old id looks like a retry, and \
                 gets the old answer. Draw an id for each run.",
            )?;
            ids.push(asked.id);
        }
        Ok(())
    })
}

/// Answers to other questions come before the right one.
#[test]
fn stray_answers_are_ignored() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let (key, value) = (t.word(8), t.word(20));
        let program = t.run(&["ask", &addr, "--retry-ms", "20000", "get", &key])?;
        let asked = question(&mut server, &program, &format!("GET {key}"))?;
        let id = asked.id;
        let turned: String = id.chars().rev().collect();
        let lesson = "Compare the whole id, and leave alone what carries another: it is an \
                      answer to somebody else's question, or to an old one of yours.";
        for stray in [
            String::new(),
            "OK stray".to_owned(),
            format!("0{turned} OK stray"),
            format!("{id}0 OK stray"),
            format!("{} OK stray", &id[1..]),
            format!(" {id} OK stray"),
            format!("TOOBIG {}", asked.bytes.len() + 1),
        ] {
            server.send_to(asked.from, stray)?;
        }
        server.send_to(asked.from, t.bytes(30))?;
        server.send_to(asked.from, format!("{id} OK {value}"))?;
        let printed = program.expect_output(&value);
        printed.when(Saw::Crash, lesson).teaches(lesson)?;
        program.expect_exit(0).teaches(lesson)
    })
}

/// Stray answers come all the time, and the request was lost.
#[test]
fn strays_do_not_stop_the_clock() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let (key, value) = (t.word(8), t.word(20));
        let program = t.run(&["ask", &addr, "--retry-ms", "1000", "get", &key])?;
        let asked = question(&mut server, &program, &format!("GET {key}"))?;
        server.lose();
        let began = Instant::now();
        let mut again = None;
        while again.is_none() && began.elapsed() < PATIENCE {
            server.send_to(asked.from, "zzz OK stray")?;
            again = server.receive_within(&program, Duration::from_millis(10))?;
        }
        wrong(again.is_some(), Saw::Silence, || {
            format!(
                "for {} s stray answers came every 10 ms, and the request was not sent again",
                PATIENCE.as_secs()
            )
        })
        .teaches(
            "Each stray restarted your clock: set one deadline for the wait, and receive with \
             what is left of it.",
        )?;
        server.send_to(asked.from, format!("{} OK {value}", asked.id))?;
        program.expect_output(&value)?;
        program.expect_exit(0)
    })
}

/// A stranger knows the id and answers first.
#[test]
fn a_stranger_is_not_believed() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let mut stranger = t.datagram_peer("stranger")?;
        let addr = server.addr().to_string();
        let (key, value) = (t.word(8), t.word(20));
        let program = t.run(&["ask", &addr, "--retry-ms", "20000", "get", &key])?;
        let asked = question(&mut server, &program, &format!("GET {key}"))?;
        stranger.send_to(asked.from, format!("{} OK wrong", asked.id))?;
        server.send_to(asked.from, format!("{} OK {value}", asked.id))?;
        program.expect_output(&value).teaches(
            "An id proves nothing about its sender: connect() the socket to the server, or \
             compare the source of what you receive.",
        )?;
        program.expect_exit(0)
    })
}

/// A second one asks while the first still waits for its answer.
#[test]
fn two_can_ask_at_once() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let key = t.word(8);
        let ask = ["ask", &addr, "--retry-ms", "20000", "get", &key];
        let operation = format!("GET {key}");
        let mut waiting = Vec::new();
        for _ in 0..2 {
            let program = t.run(&ask)?;
            let asked = question(&mut server, &program, &operation)
                .teaches("Clients bind port 0: the kernel finds a port that nobody has.")?;
            waiting.push((program, asked));
        }
        for (program, asked) in waiting {
            let value = t.word(20);
            server.send_to(asked.from, format!("{} OK {value}", asked.id))?;
            program.expect_output(&value)?;
            program.expect_exit(0)?;
        }
        Ok(())
    })
}

/// Values that are no text, empty, blank at their ends.
#[test]
fn the_value_is_printed_byte_for_byte() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let key = t.word(8);
        let every_byte: Vec<u8> = (0..=255).chain(t.bytes(5000)).collect();
        for value in [every_byte, b"".to_vec(), b" \tOK 1\r\n\n".to_vec()] {
            let program = t.run(&["ask", &addr, "--retry-ms", "20000", "get", &key])?;
            let asked = question(&mut server, &program, &format!("GET {key}"))?;
            let answer = [asked.id.as_bytes(), b" OK ", &value].concat();
            server.send_to(asked.from, answer)?;
            program.expect_output(&value).teaches(
                "A value is bytes, all that stand behind `OK` and one blank: decode and trim \
                 nothing.",
            )?;
            program.expect_exit(0)?;
        }
        Ok(())
    })
}

/// The id is right, and what stands behind it is no answer.
#[test]
fn nonsense_is_exit_3() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let addr = server.addr().to_string();
        let key = t.word(8);
        for nonsense in ["YES 5", "OKAY 5", "ok 5"] {
            let program = t.run(&["ask", &addr, "--retry-ms", "20000", "get", &key])?;
            let asked = question(&mut server, &program, &format!("GET {key}"))?;
            server.send_to(asked.from, format!("{} {nonsense}", asked.id))?;
            let lesson = "That is neither OK nor ERR, and a server that speaks so cannot be \
                          trusted with the rest: print nothing, and exit with 3.";
            program.expect_output("").teaches(lesson)?;
            program.expect_failure(3).teaches(lesson)?;
        }
        Ok(())
    })
}

/// Nobody receives at the address.
#[test]
fn a_closed_port_is_told_at_once() -> Graded {
    check(|t| {
        let closed = t.closed_datagram_port()?;
        let addr = closed.addr().to_string();
        let program = t.run(&["ask", &addr, "--retry-ms", "20000", "get", "k"])?;
        program
            .expect_failure(1)
            .when(
                Saw::Silence,
                "That nobody receives there is told to a connected socket only; without connect() \
                 you wait for an answer that cannot come.",
            )
            .teaches("The port was closed, and that is an answer: say so, and exit with 1.")
    })
}
