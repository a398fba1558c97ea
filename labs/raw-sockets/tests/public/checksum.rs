//! Stage `checksum`: what RFC 1071 computes, and what stands behind an odd byte.

use testbench::internet::{carries_once, checksum, hexadecimal};
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

/// The eight bytes of RFC 1071 3, then others from the seed, all of even length.
#[test]
fn words_are_added_up() -> Graded {
    check(|t| {
        let mut script = t.converse(&["checksum"])?;
        script.ask("sum 0001f203f4f5f6f7\n", "220d\n").teaches(
            "Words of 16 bits, the high byte first, are added up; what is carried out of the top is \
             added at the bottom; the sum is inverted.",
        )?;
        for _ in 0..20 {
            let bytes = plain(t, 2 * (1 + t.below(30)));
            let sum = checksum(&bytes);
            script
                .ask(
                    format!("sum {}\n", hexadecimal(&bytes)),
                    format!("{sum:04x}\n"),
                )
                .teaches("These are words like those of the example: add, bring round, invert.")?;
        }
        script.finish(0)
    })
}

/// One byte, then others from the seed, all of odd length.
#[test]
fn an_odd_byte_is_a_high_one() -> Graded {
    check(|t| {
        let mut script = t.converse(&["checksum"])?;
        script.ask("sum 0102\n", "fefd\n")?;
        let ones = std::iter::once(vec![0x5a]);
        let others = (0..10).map(|_| plain(t, 2 * t.below(30) + 1));
        for bytes in ones.chain(others) {
            let sum = checksum(&bytes);
            script
                .ask(format!("sum {}\n", hexadecimal(&bytes)), format!("{sum:04x}\n"))
                .teaches(
                    "The last byte has no partner: a zero byte follows it for the sum, so it is the high \
                     half of its word.",
                )?;
        }
        script.finish(0)
    })
}
