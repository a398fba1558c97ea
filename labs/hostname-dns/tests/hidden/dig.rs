//! Stage `dig`: forgers, silence, other codes, and TCP.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use testbench::prelude::*;

use crate::messages::{
    A, AA, QR, QUESTION, TC, TXT, answer, dig, frame, header, name, next_frame, pointer, question,
    record,
};

/// What the program prints of [`right`].
const RIGHT: &str = "www.lab.test. 60 IN A 192.0.2.1\n";

/// The right answer to `query`.
fn right(query: &[u8]) -> Vec<u8> {
    let records = [record(&pointer(QUESTION), A, 60, &[192, 0, 2, 1])];
    answer(query, AA, &records)
}

/// A wrong answer to `query`, with an address that must not be printed.
fn forged(query: &[u8]) -> Vec<u8> {
    let records = [record(&pointer(QUESTION), A, 60, &[203, 0, 113, 66])];
    answer(query, AA, &records)
}

/// It prints the right answer, and is content.
fn expect_right(program: &Program) -> Outcome {
    program.expect_output(RIGHT)?;
    program.expect_exit(0)
}

/// It prints nothing, and leaves with that code and a reason.
fn expect_nothing(program: &Program, code: i32) -> Outcome {
    program.expect_output("")?;
    program.expect_failure(code)
}

/// A program that was told to give up long ago has not been waited for longer than that.
fn expect_end_within(time: Duration, began: Instant) -> Outcome {
    wrong(began.elapsed() < time, Saw::Silence, || {
        format!("after {} s the program was still waiting", time.as_secs())
    })
}

/// The answer from a wrong port of the right address, and from another address.
#[test]
fn a_stranger_is_not_believed() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let mut same_host = t.datagram_peer("stranger")?;
        let mut other_host = t.datagram_peer_at(t.other_ip()?, "stranger")?;
        let program = dig(t, &server, "www.lab.test", "A", &[])?;
        let query = server.receive(&program)?;
        same_host.send_to(query.from, forged(&query.bytes))?;
        other_host.send_to(query.from, forged(&query.bytes))?;
        server.send_to(query.from, right(&query.bytes))?;
        expect_right(&program).teaches(
            "Check who answered: connect() the socket, or compare the address and the port that \
             recv_from gives with those you asked.",
        )
    })
}

/// The query's own echo, then answers with its id to other questions.
#[test]
fn the_answer_to_another_question_is_none() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let program = dig(t, &server, "www.lab.test", "A", &[])?;
        let query = server.receive(&program)?;
        let mut send = |message: Vec<u8>| server.send_to(query.from, message);
        send(query.bytes.clone())?;
        let to = |question: Vec<u8>| forged(&[&query.bytes[..12], &question].concat());
        send(to(question(&name("wwx.lab.test"), A)))?;
        send(to(question(&name("www.lab.test"), TXT)))?;
        send(to([name("www.lab.test"), vec![0, 1, 0, 3]].concat()))?;
        let mut none = forged(&query.bytes);
        none[5] = 0;
        send(none)?;
        send(right(&query.bytes))?;
        expect_right(&program).teaches(
            "An answer is a response (QR) that repeats your question: name, type and class. An echo \
             of your own query is none, and an id alone is soon guessed (RFC 5452 9.1).",
        )
    })
}

/// The question comes back in other letters.
#[test]
fn the_question_may_come_back_in_another_case() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let program = dig(t, &server, "wWw.LAB.test", "A", &[])?;
        let query = server.receive(&program)?;
        let mut reply = right(&query.bytes);
        for byte in &mut reply[12..26] {
            byte.make_ascii_lowercase();
        }
        server.send_to(query.from, reply)?;
        expect_right(&program).teaches(
            "Names are the same in any case (RFC 4343): some servers put the question into their \
             own letters.",
        )
    })
}

/// Nobody answers: the number of queries is counted, and the time taken.
#[test]
fn asks_as_often_as_told_and_no_more() -> Graded {
    check(|t| {
        const RETRY: Duration = Duration::from_millis(1500);
        let tries = 2 + t.below(2);
        let mut server = t.datagram_peer("server")?;
        let began = Instant::now();
        let count = tries.to_string();
        let flags = ["--retry-ms", "1500", "--tries", &count];
        let program = dig(t, &server, "www.lab.test", "A", &flags)?;
        let mut asked = 0;
        while asked <= tries + 3 && server.receive_within(&program, PATIENCE)?.is_some() {
            asked += 1;
        }
        wrong(asked == tries, Saw::Wrong, || {
            format!("--tries said {tries}, and the program asked {asked} times")
        })
        .teaches(
            "Send again a bounded number of times: --tries counts every query, the first one too.",
        )?;
        expect_nothing(&program, 4)
            .teaches("When the last wait is over there is no answer: that is exit code 4.")?;
        let (took, due) = (began.elapsed(), RETRY * u32::try_from(tries).unwrap_or(1));
        wrong(took >= due, Saw::Exit, || {
            format!("the program gave up after {} ms", took.as_millis())
        })
        .teaches("The last query deserves its wait, too: give up only when that is over.")
    })
}

/// A stranger's id comes again and again, faster than the program would ask.
#[test]
fn strays_do_not_prolong_the_wait() -> Graded {
    check(|t| {
        const WAITS: Duration = Duration::from_secs(2);
        let mut server = t.datagram_peer("server")?;
        let began = Instant::now();
        let flags = ["--retry-ms", "1000", "--tries", "2"];
        let program = dig(t, &server, "www.lab.test", "A", &flags)?;
        let query = server.receive(&program)?;
        let mut stray = forged(&query.bytes);
        stray[0] ^= 0xff;
        let lesson = "Each stray datagram restarted your clock, or ended your wait: keep one \
                      deadline for each try, and wait only for what is left of it.";
        let mut asked = 1;
        while program.expect_alive().is_ok() {
            expect_end_within(3 * PATIENCE, began).teaches(lesson)?;
            server.send_to(query.from, &stray)?;
            let again = server.receive_within(&program, Duration::from_millis(25))?;
            asked += usize::from(again.is_some());
        }
        let took = began.elapsed();
        while server.receive_within(&program, Duration::ZERO)?.is_some() {
            asked += 1;
        }
        expect_nothing(&program, 4).teaches(lesson)?;
        wrong(asked == 2 && took >= WAITS, Saw::Wrong, || {
            format!(
                "among strays the program asked {asked} times in {} ms",
                took.as_millis()
            )
        })
        .teaches(lesson)
    })
}

/// Two queries are sent; then the first one is answered.
#[test]
fn a_late_answer_counts() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let flags = ["--retry-ms", "1000", "--tries", "20"];
        let program = dig(t, &server, "www.lab.test", "A", &flags)?;
        let first = server.receive(&program)?;
        let second = server.receive(&program)?;
        server.send_to(second.from, right(&first.bytes))?;
        expect_right(&program).teaches(
            "The answer to an earlier try is an answer to your question (RFC 1035 7.3): send the \
             same query again, with the same id.",
        )
    })
}

/// Codes that say nothing about the name, and an answer that is broken.
#[test]
fn trouble_with_the_server_is_no_answer() -> Graded {
    check(|t| {
        for rcode in [2, 5, 1, 4] {
            let mut server = t.datagram_peer("server")?;
            let program = dig(t, &server, "www.lab.test", "A", &[])?;
            let query = server.receive(&program)?;
            server.send_to(query.from, answer(&query.bytes, rcode, &[]))?;
            expect_nothing(&program, 3).teaches(
                "SERVFAIL and REFUSED say nothing about the name, neither that it exists nor that it \
                 does not: that is trouble with the server, exit code 3.",
            )?;
        }
        let broken: [(&[u8], u16, &[u8]); 3] = [
            (&pointer(QUESTION + 40), A, &[192, 0, 2, 1]),
            (&pointer(QUESTION), A, &[192, 0, 2]),
            (b"\x01a\xc0\x2e", A, &[192, 0, 2, 1]),
        ];
        for (owner, rtype, data) in broken {
            let mut server = t.datagram_peer("server")?;
            let program = dig(t, &server, "www.lab.test", "A", &[])?;
            let query = server.receive(&program)?;
            let good = record(&pointer(QUESTION), A, 60, &[203, 0, 113, 66]);
            let records = [good, record(owner, rtype, 60, data)];
            server.send_to(query.from, answer(&query.bytes, AA, &records))?;
            expect_nothing(&program, 3).teaches(
                "One record is malformed, and so is the message: print nothing of it, and say so \
                 with exit code 3.",
            )?;
        }
        Ok(())
    })
}

/// A truncated answer with one record; over TCP come three, cut into pieces.
#[test]
fn a_truncated_answer_is_asked_for_over_tcp() -> Graded {
    check(|t| {
        for sizes in [vec![1, 1, 7], vec![1, 200], vec![3, 200], t.piece_sizes(20)] {
            let (mut server, listener) = t.server_of_both("server")?;
            let program = dig(t, &server, "www.lab.test", "A", &[])?;
            let query = server.receive(&program)?;
            let short = [record(&pointer(QUESTION), A, 60, &[203, 0, 113, 66])];
            server.send_to(query.from, answer(&query.bytes, AA | TC, &short))?;
            let mut stream = listener
                .accept(&program)
                .teaches("TC means 'ask again over TCP'; these are not all the answers.")?;
            let asked = next_frame(&mut stream).teaches(
                "Over TCP a message stands behind its length: two bytes, the high one first.",
            )?;
            differs(
                "the question over TCP",
                &query.bytes[12..],
                asked.get(12..).unwrap_or_default(),
            )
            .teaches("It is the same question that you ask over TCP.")?;
            let records = [1, 2, 3].map(|d| record(&pointer(QUESTION), A, 60, &[192, 0, 2, d]));
            let whole = "www.lab.test. 60 IN A 192.0.2.1\nwww.lab.test. 60 IN A 192.0.2.2\n\
                         www.lab.test. 60 IN A 192.0.2.3\n";
            stream
                .send_in_pieces(frame(&answer(&asked, AA, &records)), &sizes)
                .and_then(|()| program.expect_output(whole))
                .and_then(|()| program.expect_exit(0))
                .teaches(
                    "Two bytes of length are two bytes of stream: they too can come separately. Read \
                     until all of the message is there, and print what came over TCP alone.",
                )?;
        }
        Ok(())
    })
}

/// Asks over UDP, gets a truncated answer, and gives the connection that is asked over next.
fn over_tcp(t: &Bench, flags: &[&str]) -> Outcome<(Program, Peer, Vec<u8>)> {
    let (mut server, listener) = t.server_of_both("server")?;
    let program = dig(t, &server, "www.lab.test", "A", flags)?;
    let query = server.receive(&program)?;
    server.send_to(query.from, answer(&query.bytes, AA | TC, &[]))?;
    let mut stream = listener.accept(&program)?;
    let asked = next_frame(&mut stream)?;
    Ok((program, stream, asked))
}

/// The connection ends within the length, within the message, and before both; then it brings something else.
#[test]
fn half_a_message_over_tcp_is_none() -> Graded {
    check(|t| {
        let lesson = "The stream ended in the middle of a message: that is an error, not the end. \
                      What there is of it is not to be printed.";
        for part in [0, 1, 2, 20, 45] {
            let (program, mut stream, asked) = over_tcp(t, &[])?;
            let whole = frame(&right(&asked));
            stream.send(&whole[..part])?;
            stream.close();
            expect_nothing(&program, 3)
                .when(Saw::Crash, lesson)
                .teaches(lesson)?;
        }
        let lesson = "Over TCP, too, an answer is what repeats your id and your question. There is \
                      nobody else on the line: anything else is the server's fault.";
        for case in 0..5 {
            let (program, mut stream, asked) = over_tcp(t, &[])?;
            let message = match case {
                0 => Vec::new(),
                1 => vec![0; 5],
                2 => header(u16::from_be_bytes([asked[0], asked[1]]), QR, [0; 4]),
                3 => forged(&[&[!asked[0]], &asked[1..]].concat()),
                _ => forged(&[&asked[..12], &question(&name("wwx.lab.test"), A)].concat()),
            };
            stream.send(frame(&message))?;
            expect_nothing(&program, 3)
                .when(Saw::Crash, lesson)
                .teaches(lesson)?;
        }
        Ok(())
    })
}

/// The answer is too long for a datagram, and nobody listens for connections.
#[test]
fn a_refused_connection_is_told() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let program = dig(t, &server, "www.lab.test", "A", &[])?;
        let query = server.receive(&program)?;
        let short = [record(&pointer(QUESTION), A, 60, &[203, 0, 113, 66])];
        server.send_to(query.from, answer(&query.bytes, AA | TC, &short))?;
        let lesson = "The connection was refused: the system says so, you say so, and a part of the \
                      answer is no answer. Exit code 1.";
        expect_nothing(&program, 1)
            .when(Saw::Crash, lesson)
            .teaches(lesson)
    })
}

/// The answer drips in over TCP, a byte every now and then, and would take minutes.
#[test]
fn tcp_has_a_deadline_for_all_of_it() -> Graded {
    check(|t| {
        // Some thirty bytes within a deadline.
        const DRIP: Duration = Duration::from_millis(50);
        let flags = ["--retry-ms", "1500", "--tries", "2"];
        let (program, mut stream, asked) = over_tcp(t, &flags)?;
        let one = record(&pointer(QUESTION), A, 60, &[192, 0, 2, 1]);
        let long = frame(&answer(&asked, AA, &vec![one; 1000]));
        let lesson = "Each byte restarted your timeout: over TCP keep one deadline for connecting, \
                      sending and reading together, and give each read what is left of it.";
        let began = Instant::now();
        let mut drops = long.iter();
        while program.expect_alive().is_ok() {
            expect_end_within(3 * PATIENCE, began).teaches(lesson)?;
            stream.send_until_closed(drops.next().map_or(&[][..], std::slice::from_ref))?;
            thread::sleep(DRIP);
        }
        expect_nothing(&program, 4).teaches(lesson)
    })
}

/// A dozen runs one after another: ids and ports are compared.
#[test]
fn nobody_can_foretell_id_and_port() -> Graded {
    check(|t| {
        const RUNS: usize = 16;
        let mut server = t.datagram_peer("server")?;
        let (mut ids, mut ports) = (Vec::new(), BTreeSet::new());
        for _ in 0..RUNS {
            let program = dig(t, &server, "www.lab.test", "A", &[])?;
            let query = server.receive(&program)?;
            ids.push(u16::from_be_bytes([query.bytes[0], query.bytes[1]]));
            ports.insert(query.from.port());
            server.send_to(query.from, right(&query.bytes))?;
            expect_right(&program)?;
        }
        let distinct: BTreeSet<u16> = ids.iter().copied().collect();
        // That 16 random ids lie within a sixteenth of all of them happens once in 10^17 times.
        let spread = distinct.last().unwrap_or(&0) - distinct.first().unwrap_or(&0);
        wrong(
            distinct.len() > RUNS / 2 && spread > 4096,
            Saw::Wrong,
            || format!("the ids of {RUNS} runs were {ids:?}"),
        )
        .teaches(
            "Who can foretell your id can answer for the server: take it from random::number, anew \
             in each run, and not from a count, a clock or the process's number.",
        )?;
        wrong(ports.len() > 2, Saw::Wrong, || {
            format!("in {RUNS} runs the program asked from the ports {ports:?}")
        })
        .teaches(
            "A fixed source port gives away half of the secret: bind port 0, and the kernel chooses \
             another one each time.",
        )
    })
}
