//! Stage `serve`: questions about a zone, and their answers.

use testbench::prelude::*;

use crate::messages::{
    A, AA, AAAA, NXDOMAIN, QR, QUESTION, RD, TXT, answer, file, frame, header, name, next_frame,
    number, pointer, query, record,
};

/// A zone with one host of that name.
fn zone(host: &str, ip: [u8; 4]) -> String {
    let [a, b, c, d] = ip;
    format!(
        "lab.test. 3600 SOA ns1 admin 1 7200 900 1209600 300\n@ 3600 NS ns1\nns1 3600 A 192.0.2.53\n\
         {host} 300 A {a}.{b}.{c}.{d}\n"
    )
}

/// The answers to `query` that hold just this record: its owner written as a pointer to the question,
/// or in full.
fn answers(query: &[u8], owner: &str, data: &[u8]) -> [Vec<u8>; 2] {
    let owners = [pointer(QUESTION).to_vec(), name(owner)];
    owners.map(|owner| answer(query, AA | RD, &[record(&owner, A, 300, data)]))
}

/// The reply is one of these two; the second one is shown if not.
fn expect_either(seen: &[u8], either: &[Vec<u8>; 2]) -> Outcome {
    if seen == either[0] {
        return Ok(());
    }
    differs("the answer", &either[1], seen)
}

/// Three queries for a host's address, each with an id of its own.
#[test]
fn answers_a_question() -> Graded {
    check(|t| {
        let host = format!("h{}", t.word(6)).to_lowercase();
        let ip = [192, 0, 2, u8::try_from(t.below(256)).unwrap_or_default()];
        let (_folder, path) = file(t, &zone(&host, ip))?;
        let server = t.serve("serve", &["--zone", &path])?;
        let mut client = server.datagram_client()?;
        for _ in 0..3 {
            let query = query(number(t), &format!("{host}.lab.test"), A);
            client.send(&query)?;
            let datagram = client.receive(&server).teaches(
                "recv_from tells who asked: send the answer there, from the same socket.",
            )?;
            let expected = answers(&query, &format!("{host}.lab.test"), &ip);
            expect_either(&datagram.bytes, &expected).teaches(
                "An answer is the query's header with QR and AA added and the counts set, the \
                 question as it came, and the records.",
            )?;
        }
        Ok(())
    })
}

/// A name that the zone does not have, then a name that has no such record.
#[test]
fn tells_no_name_from_no_record() -> Graded {
    check(|t| {
        let host = format!("h{}", t.word(6)).to_lowercase();
        let (_folder, path) = file(t, &zone(&host, [192, 0, 2, 1]))?;
        let server = t.serve("serve", &["--zone", &path])?;
        let mut client = server.datagram_client()?;
        for (asked, qtype, rcode) in [
            (format!("not-{host}.lab.test"), A, NXDOMAIN),
            (format!("{host}.lab.test"), AAAA, 0),
            ("lab.test".to_owned(), TXT, 0),
        ] {
            let query = query(number(t), &asked, qtype);
            client.send(&query)?;
            let reply = client.receive(&server)?;
            let id = u16::from_be_bytes([query[0], query[1]]);
            let expected = header(id, QR | AA | RD | rcode, [1, 0, 1, 0]);
            let seen = &reply.bytes[..reply.bytes.len().min(12)];
            differs("the header of the answer", &expected, seen).teaches(
                "No such name and no such record are two facts: NXDOMAIN says the first, NOERROR \
                 without an answer the second. With both comes the zone's SOA, as its authority.",
            )?;
        }
        Ok(())
    })
}

/// Two queries over one connection, then one as a datagram.
#[test]
fn answers_over_tcp_too() -> Graded {
    check(|t| {
        let host = format!("h{}", t.word(6)).to_lowercase();
        let (_folder, path) = file(t, &zone(&host, [192, 0, 2, 1]))?;
        let server = t.serve("serve", &["--zone", &path])?;
        let owner = format!("{host}.lab.test");
        let mut client = server.connect()?;
        for _ in 0..2 {
            let query = query(number(t), &owner, A);
            client.send(frame(&query))?;
            let reply = next_frame(&mut client).teaches(
                "Over TCP a message stands behind its length in two bytes, both ways, and a \
                 client may ask more than once on its connection.",
            )?;
            expect_either(&reply, &answers(&query, &owner, &[192, 0, 2, 1]))
                .teaches("The answer over TCP is the same as over UDP.")?;
        }
        let mut other = server.datagram_client()?;
        let query = query(number(t), &owner, A);
        other.send(&query)?;
        let reply = other.receive(&server).teaches(
            "UDP and TCP are served at the same time: while you wait for one, the other comes.",
        )?;
        expect_either(&reply.bytes, &answers(&query, &owner, &[192, 0, 2, 1]))
    })
}
