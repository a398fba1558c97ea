//! Stage `serve`, what passes between server and clients: long answers, bad queries, TCP.

use std::time::Duration;

use testbench::prelude::*;

use super::{ZONE, ask, expect_service, serving};
use crate::messages::{
    A, AA, AAAA, NXDOMAIN, QR, RD, TC, TXT, frame, header, name, next_frame, number, pointer,
    query, question, record,
};
use crate::reply::Reply;

/// The format is wrong; the opcode is not implemented.
const FORMERR: u16 = 1;
const NOTIMP: u16 = 4;

/// A name with so many records that their answer has more than 512 bytes.
#[test]
fn a_long_answer_is_truncated_and_told_so() -> Graded {
    check(|t| {
        let mut zone = "lab.test. 60 SOA ns1 admin 1 2 3 4 5\nns1 3600 A 192.0.2.53\n".to_owned();
        let many: Vec<String> = (0..60)
            .map(|d| format!("many.lab.test. 60 A 192.0.2.{d}"))
            .collect();
        zone.extend((0..60).map(|d| format!("many 60 A 192.0.2.{d}\n")));
        let text = t.word(250);
        let long = format!("long.lab.test. 60 TXT \"{text}\"");
        zone.extend([0; 3].map(|_| format!("long 60 TXT {text}\n")));
        let (_folder, server, mut client) = serving(t, &zone)?;
        expect_service(t, &mut client, &server)?;
        for (asked, qtype, all) in [
            ("many.lab.test", A, many),
            ("long.lab.test", TXT, vec![long.clone(), long.clone(), long]),
        ] {
            let query = query(number(t), asked, qtype);
            let reply = ask(&mut client, &server, &query).teaches(
                "Cut an answer between records: every record that the counts promise is whole, and \
                 nothing follows the last.",
            )?;
            let (length, count) = (reply.length, reply.answers.len());
            wrong(length <= 512, Saw::Excess, || {
                format!("the datagram has {length} bytes")
            })
            .teaches(
                "A datagram holds 512 bytes of DNS (RFC 1035 4.2.1): leave records out until the \
                 answer fits.",
            )?;
            wrong(reply.flags & TC != 0, Saw::Wrong, || {
                format!(
                    "the answer has {count} of {} records, and TC is not set",
                    all.len()
                )
            })
            .teaches(
                "Who gets a part of the answer must be told: set TC, and they ask over TCP.",
            )?;
            let known = reply.answers.iter().all(|record| all.contains(record));
            wrong(known && count < all.len(), Saw::Wrong, || {
                "records of the answer are not the zone's".to_owned()
            })?;

            let mut stream = server.connect()?;
            stream.send(frame(&query))?;
            let whole = Reply::read(&next_frame(&mut stream)?)?;
            let all: Vec<&str> = all.iter().map(String::as_str).collect();
            whole.expect_answers(&all).teaches(
                "Over TCP there is room for 65535 bytes: the whole answer goes out, without TC.",
            )?;
            wrong(whole.flags & TC == 0, Saw::Wrong, || {
                "TC is set over TCP".to_owned()
            })
            .teaches("What is whole is not truncated: no TC over TCP.")?;
        }
        Ok(())
    })
}

/// Responses come, to the port where queries are expected; then a query.
#[test]
fn an_answer_is_never_answered() -> Graded {
    check(|t| {
        let (_folder, server, mut client) = serving(t, ZONE)?;
        expect_service(t, &mut client, &server)?;
        let mut stranger = server.datagram_client()?;
        for flags in [QR, QR | AA | RD, QR | NXDOMAIN, QR | 0x7800, 0xffff] {
            let mut response = query(number(t), "www.lab.test", A);
            response[2..4].copy_from_slice(&flags.to_be_bytes());
            stranger.send(&response)?;
            // One that is not even well formed.
            stranger.send(&response[..20])?;
        }
        // Both sockets' datagrams are answered in their order: what was to come is there by now.
        expect_service(t, &mut client, &server)?;
        stranger.expect_silence(&server, Duration::from_millis(100)).teaches(
            "You never answer an answer: two servers that do send each other the same datagram for \
             ever. QR says which is which; look at it first.",
        )
    })
}

/// No question, two questions, half a question; and queries that are no queries.
#[test]
fn bad_queries_are_told_what_is_wrong() -> Graded {
    check(|t| {
        let (_folder, server, mut client) = serving(t, ZONE)?;
        expect_service(t, &mut client, &server)?;
        let good = question(&name("www.lab.test"), A);
        let forms = "A query has one question (RFC 9619), of labels, a type and a class. If it has \
                     not, answer FORMERR: id, opcode and RD as they came, and nothing else.";
        let kinds = "There are other kinds of message than QUERY: the opcode says which. What you do \
                     not implement gets NOTIMP, before you look at anything else.";
        let cut = &good[..good.len() - 1];
        let pointing = question(&pointer(12), A);
        let long = question(&[[1, b'a'].repeat(128), vec![0]].concat(), A);
        let double = [good.clone(), good.clone()].concat();
        for (flags, counts, body, rcode, lesson) in [
            (RD, 0, &[][..], FORMERR, forms),
            (0, 0, &good, FORMERR, forms),
            (RD, 2, &double, FORMERR, forms),
            (RD, 0xffff, &good, FORMERR, forms),
            (RD, 1, cut, FORMERR, forms),
            (0, 1, &[], FORMERR, forms),
            (RD, 1, &pointing, FORMERR, forms),
            (RD, 1, &long, FORMERR, forms),
            (RD | 2 << 11, 1, &good, NOTIMP, kinds),
            (5 << 11, 1, &good, NOTIMP, kinds),
            (RD | 15 << 11, 0, &[], NOTIMP, kinds),
        ] {
            let id = number(t);
            let message = [header(id, flags, [counts, 0, 0, 0]), body.to_vec()].concat();
            client.send(message)?;
            let told = client.receive(&server).and_then(|reply| {
                differs(
                    "the answer",
                    header(id, QR | flags | rcode, [0; 4]),
                    reply.bytes,
                )
            });
            told.when(Saw::Crash, lesson).teaches(lesson)?;
        }
        expect_service(t, &mut client, &server)
    })
}

/// Datagrams of no sense at all, over UDP and TCP; then queries.
#[test]
fn nonsense_ends_nothing() -> Graded {
    check(|t| {
        let (_folder, server, mut client) = serving(t, ZONE)?;
        expect_service(t, &mut client, &server)?;
        let lesson = "Anybody can send you anything: an empty datagram, half a header, a label that \
                      ends nowhere. Look before you index; one message's faults are its own.";
        let mut stranger = server.datagram_client()?;
        for length in (0..14).chain([17, 40, 600, 5000, 65_000]) {
            stranger.send(t.bytes(length))?;
            // Its first bytes say that it is a plain query.
            let mut plain = t.bytes(length);
            for (byte, of_header) in plain.iter_mut().zip(header(7, RD, [1, 0, 0, 0])) {
                *byte = of_header;
            }
            stranger.send(&plain)?;
            // Asked each time: more than a few of them would not fit into the socket's buffer.
            let served = expect_service(t, &mut client, &server);
            served.when(Saw::Crash, lesson).teaches(lesson)?;
        }
        for junk in [frame(&[]), frame(&t.bytes(5)), vec![0xff; 100], vec![0]] {
            let mut stream = server.connect()?;
            stream.send(junk)?;
            stream.half_close()?;
            stream
                .read_to_close(100_000)
                .when(Saw::Crash, lesson)
                .teaches(
                    "The client has ended its stream, perhaps in the middle of a message: there is \
                 nothing more to answer, so close.",
                )?;
        }
        server.connect()?.reset()?;
        expect_service(t, &mut client, &server)
            .when(Saw::Crash, lesson)
            .teaches(lesson)?;
        let mut stream = server.connect()?;
        stream.send(frame(&query(7, "ns1.lab.test", A)))?;
        Reply::read(&next_frame(&mut stream).teaches(lesson)?)?
            .expect_answers(&["ns1.lab.test. 3600 A 192.0.2.53"])
    })
}

/// Queries with an OPT record, as most clients send them, and with other things behind the question.
#[test]
fn what_follows_the_question_changes_nothing() -> Graded {
    check(|t| {
        let (_folder, server, mut client) = serving(t, ZONE)?;
        // The root as owner, type 41, 4096 bytes as the class, and a cookie (RFC 6891 6.1.2).
        let mut opt = record(&[0], 41, 0, &[0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]);
        opt[3..5].copy_from_slice(&[0x10, 0]);
        let other = record(&name("www.lab.test"), A, 60, &[192, 0, 2, 7]);
        for (counts, behind) in [
            ([1, 0, 0, 1], opt.clone()),
            ([1, 1, 0, 1], [other, opt].concat()),
            ([1, 0, 0, 0], vec![0; 3]),
        ] {
            let id = number(t);
            let message = [
                header(id, RD, counts),
                question(&name("ftp.lab.test"), AAAA),
                behind,
            ];
            let echo = "Echo the question and no more: what followed it is not yours to repeat.";
            let reply = ask(&mut client, &server, &message.concat()).teaches(echo)?;
            let lesson = "Clients send an OPT record behind the question to say what more they could \
                          do (RFC 6891). You need not: read the question, and leave the rest.";
            reply.expect_rcode(0).teaches(lesson)?;
            let answers = [
                "ftp.lab.test. 300 CNAME www.lab.test.",
                "www.lab.test. 300 AAAA 2001:db8::1",
            ];
            reply.expect_answers(&answers).teaches(lesson)?;
            let question = question(&name("ftp.lab.test"), AAAA);
            differs("the question", question, &reply.question).teaches(echo)?;
            let additional = reply.additional.join("\n");
            differs("the additional section", "", additional).teaches(echo)?;
        }
        Ok(())
    })
}

/// Three clients stall over TCP: one silent, one in a length, one in a message. Others ask.
#[test]
fn a_stalled_client_delays_nobody() -> Graded {
    check(|t| {
        let (_folder, server, mut client) = serving(t, ZONE)?;
        expect_service(t, &mut client, &server)?;
        let whole = frame(&query(7, "ns1.lab.test", A));
        let mut stalled = server.connect_many(3)?;
        for (peer, part) in stalled.iter_mut().zip([0, 1, 9]) {
            peer.send(&whole[..part])?;
            peer.pause();
        }
        let lesson = "While you read from one client, nobody else is served: UDP and each connection \
                      need a thread of their own, or a loop that waits for all (RFC 1035 6.1.1).";
        expect_service(t, &mut client, &server).teaches(lesson)?;
        let mut active = server.connect()?;
        active.send(&whole)?;
        let answer = ["ns1.lab.test. 3600 A 192.0.2.53"];
        Reply::read(&next_frame(&mut active).teaches(lesson)?)?.expect_answers(&answer)?;
        for (peer, part) in stalled.iter_mut().zip([0, 1, 9]) {
            peer.send(&whole[part..])?;
            let reply = next_frame(peer).teaches(
                "Each connection has its own half of a message: keep it, and go on when the rest comes.",
            )?;
            Reply::read(&reply)?.expect_answers(&answer)?;
        }
        Ok(())
    })
}

/// Queries in pieces, and several in one segment, on one connection.
#[test]
fn queries_over_tcp_come_as_they_come() -> Graded {
    check(|t| {
        let (_folder, server, _) = serving(t, ZONE)?;
        let mut stream = server.connect()?;
        let lesson = "TCP keeps no boundaries: read two bytes of length, then as many bytes as they \
                      say, however often you have to read; what is left over begins the next query.";
        let names = [
            "ns1.lab.test",
            "www.lab.test",
            "nothing.lab.test",
            "www.example",
        ];
        let counts = [1, 2, 0, 0];
        for sizes in [vec![10_000], vec![1, 31], vec![1, 1, 20], t.piece_sizes(30)] {
            let ids = [0; 4].map(|_| number(t));
            let frames: Vec<Vec<u8>> = ids
                .iter()
                .zip(names)
                .map(|(id, of)| frame(&query(*id, of, A)))
                .collect();
            stream.send_in_pieces(frames.concat(), &sizes)?;
            for (id, count) in ids.into_iter().zip(counts) {
                let reply = Reply::read(&next_frame(&mut stream).teaches(lesson)?)?;
                wrong(
                    (reply.id, reply.answers.len()) == (id, count),
                    Saw::Wrong,
                    || {
                        format!(
                            "the answer to query {id} has id {} and {} records",
                            reply.id,
                            reply.answers.len()
                        )
                    },
                )
                .teaches(lesson)?;
            }
        }
        stream.half_close()?;
        stream
            .expect_closed()
            .teaches("The client has no more queries and every answer is out: close.")
    })
}
