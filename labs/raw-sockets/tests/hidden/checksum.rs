//! Stage `checksum`: carries, pieces, and the sum on arrival.

use testbench::internet::{carries_once, checksum, hexadecimal, seal};
use testbench::prelude::*;

/// Random bytes whose sum carries once at most.
fn plain(t: &Bench, length: usize) -> Vec<u8> {
    loop {
        let bytes = t.bytes(length);
        if carries_once(&bytes) {
            return bytes;
        }
    }
}

/// As `plain`, with their checksum in them.
fn sealed(t: &Bench, length: usize, at: usize) -> Vec<u8> {
    loop {
        let message = seal(t.bytes(length), at);
        if carries_once(&message) {
            return message;
        }
    }
}

/// Sums whose carry makes another carry; then the longest packet there is.
#[test]
fn a_carry_may_make_another() -> Graded {
    check(|t| {
        let mut script = t.converse(&["checksum"])?;
        script.ask("sum 00010002\n", "fffc\n")?;
        let lesson = "Bringing the carry round may carry again: go on until nothing is left above \
                      16 bits.";
        script.ask("sum ffffffff0001\n", "fffe\n").teaches(lesson)?;
        for _ in 0..10 {
            // So many words of ones, and one that leaves ffff + a carry.
            let count = 2 + t.below(200);
            let last = u16::try_from(count).unwrap_or(2) - 1;
            let bytes = [vec![0xff; 2 * count], last.to_be_bytes().to_vec()].concat();
            let sum = checksum(&bytes);
            script
                .ask(
                    format!("sum {}\n", hexadecimal(&bytes)),
                    format!("{sum:04x}\n"),
                )
                .teaches(lesson)?;
        }
        let longest = vec![0xff; 65534];
        script
            .ask(format!("sum {}\n", hexadecimal(&longest)), "0000\n")
            .teaches(lesson)?;
        script.finish(0)
    })
}

/// Messages cut into pieces of any length, empty ones too.
#[test]
fn pieces_make_one_message() -> Graded {
    check(|t| {
        let mut script = t.converse(&["checksum"])?;
        script.ask("sum 0001 f203 f4f5f6f7\n", "220d\n")?;
        for round in 0..20 {
            let bytes = plain(t, 3 + t.below(40));
            let first = if round == 0 { 1 } else { t.below(bytes.len()) };
            let second = first + t.below(bytes.len() - first);
            let pieces = [&bytes[..first], &bytes[first..second], &bytes[second..]];
            let line = format!("sum {}\n", pieces.map(hexadecimal).join(" "));
            script
                .ask(line, format!("{:04x}\n", checksum(&bytes)))
                .teaches(
                    "A piece of odd length ends in the middle of a word: its last byte and the first of \
                     the next piece make one word together.",
                )?;
        }
        script.finish(0)
    })
}

/// Messages with their checksum in them, as they were sent and with one bit turned.
#[test]
fn an_intact_message_is_told_from_a_damaged_one() -> Graded {
    check(|t| {
        let mut script = t.converse(&["checksum"])?;
        for round in 0..20 {
            let length = 4 + t.below(40);
            let at = 2 * t.below(length / 2);
            let message = sealed(t, length, at);
            let cut = t.below(message.len());
            let line = |message: &[u8]| {
                let pieces = [&message[..cut], &message[cut..]].map(hexadecimal);
                format!("verify {}\n", pieces.join(" "))
            };
            script.ask(line(&message), "intact\n").teaches(
                "Add up the whole message, its checksum with the rest: if it is intact the sum is all \
                 ones, and inverted zero. Where the checksum stands does not matter.",
            )?;
            let mut damaged = message;
            damaged[if round == 0 { at } else { t.below(length) }] ^= 1 << t.below(8);
            script.ask(line(&damaged), "damaged\n").teaches(
                "One bit is not as it was sent, and the sum over everything shows it: only all ones is \
                 intact.",
            )?;
        }
        script.finish(0)
    })
}

/// Nothing but zeros; nothing at all.
#[test]
fn zeros_have_a_checksum_too() -> Graded {
    check(|t| {
        let mut script = t.converse(&["checksum"])?;
        script.ask("sum 00010002\n", "fffc\n")?;
        let lesson = "The sum of zeros is zero, inverted ffff, and all of it goes on the wire; zeros \
                      without it are a damaged message.";
        let asked = [
            ("sum 00000000\n", "ffff\n"),
            ("sum -\n", "ffff\n"),
            ("verify 0000ffff\n", "intact\n"),
            ("verify 00000000\n", "damaged\n"),
        ];
        for (line, answer) in asked {
            script.ask(line, answer).teaches(lesson)?;
        }
        script.finish(0)
    })
}
