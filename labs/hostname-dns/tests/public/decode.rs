//! Stage `decode`: messages as they should be, and the oldest trick against a decoder.

use testbench::prelude::*;

use crate::messages::{
    A, AA, AAAA, CNAME, MX, NS, QR, QUESTION, RD, SOA, TXT, header, name, number, pointer,
    question, record,
};

/// Has the program decode these bytes.
fn decode(t: &Bench, message: &[u8]) -> Outcome<Program> {
    let program = t.run_typing(&["decode"])?;
    program.feed(message)?;
    Ok(program)
}

/// A record of each type, without pointers, and one of a type that nobody knows.
#[test]
fn reads_each_type() -> Graded {
    check(|t| {
        let (id, ttl) = (number(t), u32::from(number(t)) << 12);
        let (host, word) = (format!("{}.test", t.word(7)), t.word(12));
        let owner = name(&host);
        let (v4, v6) = (
            t.bytes(4),
            [vec![0x20, 1, 0x0d, 0xb8], t.bytes(12)].concat(),
        );
        let numbers: Vec<u8> = (1..=5_u32)
            .flat_map(|n| (n * 70_000).to_be_bytes())
            .collect();
        let text = [&[12], word.as_bytes(), &[0], b"\x03a\"b"].concat();
        let records = [
            record(&owner, A, ttl, &v4),
            record(&owner, AAAA, ttl, &v6),
            record(&owner, CNAME, 0, &name("other.test")),
            record(&owner, MX, 1, &[&[1, 0], &name("mail.test")[..]].concat()),
            record(&owner, TXT, 2, &text),
            record(&owner, NS, 3, &name("ns.test")),
            record(
                &[0],
                SOA,
                4,
                &[name("ns.test"), name("admin.test"), numbers].concat(),
            ),
            record(&owner, 999, 5, &[0, 0xff]),
        ];
        let message = [
            header(id, QR | AA | RD, [1, 6, 1, 1]),
            question(&owner, 255),
            records.concat(),
        ]
        .concat();
        let v4: [u8; 4] = v4.try_into().unwrap_or_default();
        let v6: [u8; 16] = v6.try_into().unwrap_or_default();
        let lines = [
            format!("header id={id} qr=1 opcode=0 aa=1 tc=0 rd=1 ra=0 rcode=0"),
            format!("question {host}. IN ANY"),
            format!("answer {host}. {ttl} IN A {}", std::net::Ipv4Addr::from(v4)),
            format!(
                "answer {host}. {ttl} IN AAAA {}",
                std::net::Ipv6Addr::from(v6)
            ),
            format!("answer {host}. 0 IN CNAME other.test."),
            format!("answer {host}. 1 IN MX 256 mail.test."),
            format!("answer {host}. 2 IN TXT \"{word}\" \"\" \"a\\\"b\""),
            format!("answer {host}. 3 IN NS ns.test."),
            "authority . 4 IN SOA ns.test. admin.test. 70000 140000 210000 280000 350000"
                .to_owned(),
            format!("additional {host}. 5 IN TYPE999 \\# 2 00ff"),
        ];
        let program = decode(t, &message)?;
        program
            .expect_output(lines.map(|line| line + "\n").concat())
            .and_then(|()| program.expect_exit(0))
            .teaches(
                "Each record is name, type, class, TTL, length and data, and the four counts say \
                 which section it is in. Numbers come high byte first: from_be_bytes.",
            )
    })
}

/// The example of the notes, with other labels: a pointer as a name, at the end of one, in data.
#[test]
fn follows_pointers() -> Graded {
    check(|t| {
        let (zone, host) = (t.word(4), t.word(5));
        let alias = format!("ftp.{zone}.test");
        // ftp is at byte 12, the zone at 16, the host at 43 behind the first record's fixed part.
        let target = [&[5], host.as_bytes(), &pointer(16)].concat();
        let second = 12 + u16::try_from(name(&alias).len()).unwrap_or_default() + 4 + 12;
        let message = [
            header(7, QR | AA | RD, [1, 2, 0, 0]),
            question(&name(&alias), A),
            record(&pointer(QUESTION), CNAME, 300, &target),
            record(&pointer(second), A, 300, &[192, 0, 2, 1]),
        ]
        .concat();
        let program = decode(t, &message)?;
        program
            .expect_output(format!(
                "header id=7 qr=1 opcode=0 aa=1 tc=0 rd=1 ra=0 rcode=0\nquestion {alias}. IN A\n\
                 answer {alias}. 300 IN CNAME {host}.{zone}.test.\n\
                 answer {host}.{zone}.test. 300 IN A 192.0.2.1\n"
            ))
            .teaches(
                "A byte of which the first two bits are set begins a pointer: its other 14 bits say \
                 where in the message the name goes on. Behind the name in the record stands what \
                 follows the pointer's two bytes.",
            )
    })
}

/// A good message; then one whose name is a pointer to itself, and two that point at each other.
#[test]
fn a_circle_of_pointers_has_an_end() -> Graded {
    check(|t| {
        let good = [header(7, RD, [1, 0, 0, 0]), question(&name("a.test"), A)].concat();
        decode(t, &good)?.expect_exit(0)?;

        let itself = question(&pointer(12), A);
        let other = question(&pointer(18), A);
        for questions in [itself.clone(), [other, itself].concat()] {
            let count = u16::try_from(questions.len() / 6).unwrap_or_default();
            let message = [header(7, RD, [count, 0, 0, 0]), questions].concat();
            let program = decode(t, &message)?;
            let lesson = "A pointer must land before the labels it continues; then it must end.";
            program
                .expect_output("")
                .and_then(|()| program.expect_failure(3))
                .when(Saw::Crash, lesson)
                .teaches(lesson)?;
        }
        Ok(())
    })
}
