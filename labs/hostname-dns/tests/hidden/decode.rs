//! Stage `decode`: messages that somebody wrote to do harm.

use testbench::prelude::*;

use crate::messages::{
    A, AAAA, CNAME, MX, NS, QR, QUESTION, RD, SOA, TXT, frame, header, name, pointer, question,
    record,
};

/// Where the first name of a message stands.
const FIRST: usize = 12;

/// Has the program decode these bytes, which are a message.
fn expect_message(t: &Bench, message: &[u8]) -> Outcome<String> {
    let program = t.run_typing(&["decode"])?;
    program.feed(message)?;
    let output = program.output()?;
    program.expect_exit(0)?;
    Ok(String::from_utf8_lossy(&output).into_owned())
}

/// Has the program decode these bytes, which are none.
fn expect_malformed(t: &Bench, message: &[u8], lesson: &'static str) -> Outcome {
    let program = t.run_typing(&["decode"])?;
    program.feed(message)?;
    program
        .expect_output("")
        .and_then(|()| program.expect_failure(3))
        .when(Saw::Crash, lesson)
        .teaches(lesson)
}

/// Has the program decode all of them at once, and gives what it says of each.
fn decode_all(t: &Bench, messages: &[Vec<u8>]) -> Outcome<Vec<String>> {
    let program = t.run_typing(&["decode", "--frames"])?;
    let frames: Vec<Vec<u8>> = messages.iter().map(|message| frame(message)).collect();
    program.feed(frames.concat())?;
    let output = program.output()?;
    program.expect_exit(0)?;
    let text = String::from_utf8_lossy(&output);
    let told: Vec<String> = text.split_terminator("\n\n").map(str::to_owned).collect();
    wrong(told.len() == messages.len(), Saw::Wrong, || {
        format!(
            "{} messages were answered by {} texts",
            messages.len(),
            told.len()
        )
    })?;
    Ok(told)
}

/// A message of one question about the name that `bytes` are.
fn asking(bytes: &[u8]) -> Vec<u8> {
    [header(7, RD, [1, 0, 0, 0]), question(bytes, A)].concat()
}

/// A message with a record of each type, with pointers in owners and data.
fn rich(t: &Bench) -> Vec<u8> {
    let host = format!("{}.{}.test", t.word(5), t.word(4));
    let owner = pointer(QUESTION);
    let zone = pointer(QUESTION + 6);
    let mail = [&[4][..], b"mail", &zone].concat();
    let numbers = t.bytes(20);
    let records = [
        record(&owner, A, 300, &t.bytes(4)),
        record(&owner, AAAA, 300, &t.bytes(16)),
        record(&mail, MX, 300, &[&[0, 10][..], &mail].concat()),
        record(
            &zone,
            TXT,
            300,
            &[&[5][..], b"hello", &[0], &[2], b"\xff\""].concat(),
        ),
        record(b"\x03ftp\xc0\x0c", CNAME, 300, &owner),
        record(&zone, NS, 300, &[&[2][..], b"ns", &zone].concat()),
        record(&zone, SOA, 300, &[&zone[..], &mail, &numbers].concat()),
        record(&[0], 41, 0, &[]),
    ];
    [
        header(7, QR | RD, [1, 5, 2, 1]),
        question(&name(&host), A),
        records.concat(),
    ]
    .concat()
}

/// Pointers forward, into their own labels, into the header, and out of the message.
#[test]
fn a_pointer_leads_back_or_nowhere() -> Graded {
    check(|t| {
        let lesson = "A pointer leads to a prior name: to a byte before the first of the labels just \
                      read, and behind the header. Compare its target with where they began, not \
                      with where the pointer stands.";
        expect_message(t, &asking(&name("a.test")))?;
        let own_labels = [b"\x01a".to_vec(), pointer(12).to_vec()].concat();
        let second_label = [b"\x01a\x01b".to_vec(), pointer(14).to_vec()].concat();
        for bytes in [own_labels, second_label] {
            expect_malformed(t, &asking(&bytes), lesson)?;
        }
        for target in [0, 2, 11] {
            expect_malformed(t, &asking(&pointer(target)), lesson)?;
        }
        // Forward to a name that is there: the owner of a record behind the question.
        for target in [18, 19, 0x3fff] {
            let message = [
                header(7, QR, [1, 1, 0, 0]),
                question(&pointer(target), A),
                record(&name("test"), A, 60, &[192, 0, 2, 1]),
            ]
            .concat();
            expect_malformed(t, &message, lesson)?;
        }
        // By way of a name that is sound so far: its second run begins at 12, and so does the third.
        let message = [
            header(7, QR, [1, 1, 0, 0]),
            question(&[b"\x01a".to_vec(), pointer(12).to_vec()].concat(), A),
            record(&pointer(12), A, 60, &[192, 0, 2, 1]),
        ]
        .concat();
        expect_malformed(t, &message, lesson)
    })
}

/// A name of 255 bytes in many runs, then one of 256.
#[test]
fn a_name_has_255_bytes_however_it_is_put_together() -> Graded {
    check(|t| {
        // Each owner is a label in front of the owner before; `first` bytes make the sum come out.
        let chain = |first: usize| {
            let mut message = header(7, QR, [1, 3, 0, 0]);
            message.extend(question(&name(&"x".repeat(first)), A));
            let mut before = QUESTION;
            for _ in 0..3 {
                let here = u16::try_from(message.len()).unwrap_or_default();
                let owner = [&[63][..], &[b'y'; 63], &pointer(before)].concat();
                message.extend(record(&owner, A, 60, &[192, 0, 2, 1]));
                before = here;
            }
            message
        };
        // 3 labels of 64 bytes, one of 1 + 61, and the root: 255.
        let told = expect_message(t, &chain(61)).teaches(
            "255 bytes are allowed, however many pointers they lie behind; a pointer itself does \
             not count.",
        )?;
        let whole = format!(
            "answer {0}.{0}.{0}.{1}. 60 IN A 192.0.2.1",
            "y".repeat(63),
            "x".repeat(61)
        );
        let seen = told.lines().last().unwrap_or_default();
        differs("the last record", whole, seen).teaches(
            "A name goes on where its pointer leads, and from there through the next pointer: keep \
             the labels of every run.",
        )?;
        let too_long = "Small parts make long names: count the bytes of the name that you put \
                        together, and stop at 255 (RFC 1035 2.3.4, RFC 9267 3).";
        expect_malformed(t, &chain(62), too_long)?;
        let plain = [[1, b'a'].repeat(127), vec![0]].concat();
        expect_message(t, &asking(&plain))?;
        let plain = [[1, b'a'].repeat(128), vec![0]].concat();
        expect_malformed(t, &asking(&plain), too_long)
    })
}

/// Length bytes that begin with bits 01 and 10.
#[test]
fn reserved_bits_begin_no_label() -> Graded {
    check(|t| {
        expect_message(t, &asking(&name("a.test")))?;
        let lesson = "Both first bits set make a pointer, both clear a length; 01 and 10 are \
                      reserved, and mean nothing yet. Test both bits.";
        for first in [0x40, 0x41, 0x7f, 0x80, 0x8c, 0xbf_u8] {
            // As a length it would have its bytes, and as a pointer lead to the question's name.
            let label = [vec![first], vec![b'a'; first.into()], vec![0]].concat();
            for owner in [label, vec![first, 12]] {
                let message = [
                    header(7, QR, [1, 1, 0, 0]),
                    question(&name("test"), A),
                    record(&owner, A, 60, &[192, 0, 2, 1]),
                ];
                expect_malformed(t, &message.concat(), lesson)?;
            }
        }
        Ok(())
    })
}

/// A message with everything in it, cut off before each of its bytes.
#[test]
fn a_message_cut_anywhere_is_malformed() -> Graded {
    check(|t| {
        let message = rich(t);
        expect_message(t, &message).teaches(
            "This one is whole: an owner may be a pointer to a name that ends in a pointer, and \
             data may hold names, too.",
        )?;
        let cuts: Vec<Vec<u8>> = (0..message.len())
            .map(|at| message[..at].to_vec())
            .collect();
        let lesson = "What is not there cannot be read: ask for every byte with get, or take from a \
                      slice that can say no, and answer that the message ends too early.";
        let told = decode_all(t, &cuts)
            .when(Saw::Crash, lesson)
            .teaches(lesson)?;
        for (at, text) in told.iter().enumerate() {
            wrong(text.starts_with("malformed"), Saw::Wrong, || {
                format!(
                    "of a message of {} bytes, {at} were taken for a whole one",
                    message.len()
                )
            })
            .teaches(lesson)?;
        }
        expect_malformed(t, &message[..message.len() / 2], lesson)
    })
}

/// Data longer and shorter than it says, and counts that promise too much and too little.
#[test]
fn lengths_and_counts_are_held_to_their_word() -> Graded {
    check(|t| {
        let zone = pointer(QUESTION);
        let with = |rtype: u16, data: &[u8]| {
            let head = [header(7, QR, [1, 1, 0, 0]), question(&name("lab.test"), A)];
            [&head.concat()[..], &record(&zone, rtype, 60, data)].concat()
        };
        expect_message(t, &with(A, &[192, 0, 2, 1]))?;
        expect_message(t, &with(TXT, &[0]))?;
        let data = "Each record says how long its data is. What its type reads there has to be just \
                    that: no byte may be left, and none taken from what follows.";
        for (rtype, bytes) in [
            (A, &[192, 0, 2][..]),
            (A, &[192, 0, 2, 1, 0]),
            (A, &[]),
            (AAAA, &[0; 15]),
            (AAAA, &[0; 17]),
            (TXT, &[]),
            (TXT, b"\x05hell"),
            (TXT, b"\x05hello\x01"),
            (CNAME, b"\xc0"),
            (CNAME, b"\x01a\x00\x00"),
            (CNAME, b"\x01a"),
            (NS, b"\xc0\x0c\x00"),
            (MX, &[0]),
            (MX, &[0, 10]),
            (MX, b"\x00\x0a\xc0\x0c\x00"),
            (SOA, b"\xc0\x0c\xc0\x0c\x00\x00\x00\x01"),
        ] {
            expect_malformed(t, &with(rtype, bytes), data)?;
            // With a record behind it, the missing bytes are there: they are another's.
            let mut longer = with(rtype, bytes);
            longer[7] = 2;
            longer.extend(record(&zone, A, 60, &[192, 0, 2, 2]));
            expect_malformed(t, &longer, data)?;
        }
        let mut beyond = with(A, &[192, 0, 2, 1]);
        let length = beyond.len() - 6;
        beyond[length..length + 2].copy_from_slice(&[0xff, 0xff]);
        expect_malformed(t, &beyond, data)?;

        let counts = "The counts say how many questions and records there are: read as many, fail \
                      when they are not there, and have no byte left behind the last.";
        for count in [
            [2, 1, 0, 0],
            [1, 2, 0, 0],
            [1, 1, 1, 0],
            [1, 1, 0, 0xffff],
            [1, 0, 0, 0],
            [0, 0, 0, 0],
        ] {
            let mut message = with(A, &[192, 0, 2, 1]);
            message.splice(..FIRST, header(7, QR, count));
            expect_malformed(t, &message, counts)?;
        }
        expect_malformed(t, &[with(A, &[192, 0, 2, 1]), vec![0]].concat(), counts)
    })
}

/// A megabyte of messages with some bytes wrong, from the seed; each gets an answer.
#[test]
fn survives_a_megabyte_of_nonsense() -> Graded {
    check(|t| {
        // By portions, so that each has its own time.
        const PORTIONS: usize = 8;
        let lesson = "Nothing that comes may end the program or hold it up: whatever the bytes are, \
                      there is a message in them, or a reason why not.";
        let good = rich(t);
        for _ in 0..PORTIONS {
            let mut messages = Vec::new();
            let mut total = 0;
            while total < (1 << 20) / PORTIONS {
                let message = match t.below(8) {
                    0 => t.bytes(12 + t.below(300)),
                    _ => spoilt(t, &good),
                };
                total += message.len();
                messages.push(message);
            }
            messages.push(good.clone());
            let told = decode_all(t, &messages);
            let told = told.when(Saw::Crash, lesson).teaches(lesson)?;
            for (message, text) in messages.iter().zip(&told) {
                wrong(
                    text.starts_with("malformed") || text.starts_with("header id="),
                    Saw::Wrong,
                    || format!("{} bytes were answered by {text:?}", message.len()),
                )
                .teaches(lesson)?;
            }
            let last = told.last().map_or("", String::as_str);
            wrong(last.starts_with("header id=7 qr=1"), Saw::Wrong, || {
                "after all that a good message was taken for a bad one".to_owned()
            })
            .teaches("The last message was a good one: nothing of those before may stay behind.")?;
        }
        Ok(())
    })
}

/// `good` with some bytes changed: most of them to what means something in a name.
fn spoilt(t: &Bench, good: &[u8]) -> Vec<u8> {
    let mut message = good.to_vec();
    let pointers: Vec<usize> = (FIRST..good.len() - 1)
        .filter(|&at| good[at] == 0xc0)
        .collect();
    for _ in 0..=t.below(6) {
        let at = t.below(message.len());
        let place = u8::try_from(t.below(message.len().min(256))).unwrap_or_default();
        match t.below(6) {
            0 => message[at] = 0xc0,
            1 => message[at] = 0,
            2 => message[at] = 63,
            3 => message[at] = place,
            4 => message[1 + pointers[t.below(pointers.len())]] = place,
            _ => message[at] = t.bytes(1)[0],
        }
    }
    if t.below(4) == 0 {
        message.truncate(t.below(good.len()));
    }
    message
}
