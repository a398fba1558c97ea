//! Stage `dig`: a question, its answer, and what is no answer.

use std::time::{Duration, Instant};

use testbench::prelude::*;

use crate::messages::{
    A, AA, CNAME, NXDOMAIN, QUESTION, RD, answer, dig, header, name, pointer, question, record,
};

/// The server sees the query, and answers with an alias and two addresses.
#[test]
fn asks_and_prints_the_answer() -> Graded {
    check(|t| {
        let host = format!("{}.Lab.test", t.word(6));
        let mut server = t.datagram_peer("server")?;
        let program = dig(t, &server, &host, "A", &[])?;
        let query = server.receive(&program).teaches(
            "Bind a UDP socket to port 0 of your own, and send the query to the server's address.",
        )?;
        let id = u16::from_be_bytes([0, 1].map(|at| query.bytes.get(at).copied().unwrap_or(0)));
        let expected = [header(id, RD, [1, 0, 0, 0]), question(&name(&host), A)].concat();
        differs("the query", &expected, &query.bytes).teaches(
            "The query is what stage encode makes: a header with RD and one question, the \
             question, and nothing else.",
        )?;

        let target = [&[3][..], b"www", &pointer(QUESTION + 7)].concat();
        let www = name(&format!("www.{}", &host[7..]));
        let ttl = 1 + u32::try_from(t.below(9999)).unwrap_or_default();
        let records = [
            record(&pointer(QUESTION), CNAME, 300, &target),
            record(&www, A, ttl, &[192, 0, 2, 1]),
            record(&www, A, ttl, &[192, 0, 2, 2]),
        ];
        server.send_to(query.from, answer(&expected, AA, &records))?;
        program
            .expect_output(format!(
                "{host}. 300 IN CNAME www.Lab.test.\nwww.Lab.test. {ttl} IN A 192.0.2.1\n\
                 www.Lab.test. {ttl} IN A 192.0.2.2\n"
            ))
            .and_then(|()| program.expect_exit(0))
            .teaches(
                "Give back every record of the answer section, in order: the alias, and the \
                 addresses of what it stands for.",
            )
    })
}

/// First comes an answer with another id, to a question just like this one.
#[test]
fn ignores_an_answer_with_another_id() -> Graded {
    check(|t| {
        let mut server = t.datagram_peer("server")?;
        let program = dig(t, &server, "www.lab.test", "A", &[])?;
        let query = server.receive(&program)?;
        let mut forged = answer(
            &query.bytes,
            AA,
            &[record(&pointer(QUESTION), A, 60, &[203, 0, 113, 66])],
        );
        forged[1] ^= 1;
        server.send_to(query.from, forged)?;
        let records = [record(&pointer(QUESTION), A, 60, &[192, 0, 2, 1])];
        server.send_to(query.from, answer(&query.bytes, AA, &records))?;
        program
            .expect_output("www.lab.test. 60 IN A 192.0.2.1\n")
            .and_then(|()| program.expect_exit(0))
            .teaches(
                "Anyone can send you a packet: id, question, source must all match. What does not \
                 match is ignored, and you go on waiting.",
            )
    })
}

/// The first query is lost; the second is answered.
#[test]
fn asks_again_when_nothing_comes() -> Graded {
    check(|t| {
        const RETRY: Duration = Duration::from_millis(500);
        let mut server = t.datagram_peer("server")?;
        let began = Instant::now();
        let flags = ["--retry-ms", "500", "--tries", "20"];
        let program = dig(t, &server, "www.lab.test", "A", &flags)?;
        server.receive(&program)?;
        server.lose();
        let lesson = "A lost packet makes no sound: wait with a timeout, and then send the query \
                      again.";
        let query = server.receive(&program).teaches(lesson)?;
        wrong(began.elapsed() >= RETRY, Saw::Wrong, || {
            let ms = began.elapsed().as_millis();
            format!("{ms} ms after its start the program asked for the second time")
        })
        .teaches(
            "Give the answer the time it was promised: --retry-ms is what you wait at least.",
        )?;
        let records = [record(&pointer(QUESTION), A, 60, &[192, 0, 2, 1])];
        server.send_to(query.from, answer(&query.bytes, AA, &records))?;
        program
            .expect_output("www.lab.test. 60 IN A 192.0.2.1\n")
            .and_then(|()| program.expect_exit(0))
            .teaches(lesson)
    })
}

/// There is no such name; then there is one, and it has no such record.
#[test]
fn tells_no_name_from_no_record() -> Graded {
    check(|t| {
        for (flags, code) in [(AA | NXDOMAIN, 1), (AA, 0)] {
            let mut server = t.datagram_peer("server")?;
            let program = dig(t, &server, "www.lab.test", "A", &[])?;
            let query = server.receive(&program)?;
            server.send_to(query.from, answer(&query.bytes, flags, &[]))?;
            program.expect_output("").and_then(|()| program.expect_failure(code)).teaches(
                "No such name, no such record, and no answer are three different facts: NXDOMAIN \
                 says the first, NOERROR without an answer the second, silence the third.",
            )?;
        }
        Ok(())
    })
}
