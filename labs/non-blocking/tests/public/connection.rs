//! Stage `connection`: all that was read is written, however little goes at a time.

use testbench::bytes::escape;
use testbench::prelude::*;

/// Text, then bytes of every value, with room for all of them.
#[test]
fn what_comes_goes_back() -> Graded {
    check(|t| {
        let mut script = t.converse(&["connection"])?;
        let mut every_byte: Vec<u8> = (0..=255).collect();
        every_byte.extend(t.bytes(100));
        for payload in [t.word(12).into_bytes(), every_byte] {
            let (bytes, room) = (escape(&payload), 1000 + t.below(1000));
            script
                .ask(
                    format!("read \"{bytes}\"\nwrite {room}\npoll\n"),
                    format!("sent \"{bytes}\" wants read\n"),
                )
                .teaches(
                    "An echo: what read put into your buffer is to be written, all of it, in \
                     order and unchanged, and then there is nothing left to write.",
                )?;
        }
        script.finish(0)
    })
}

/// There is room for three bytes, then for four, then for the rest.
#[test]
fn a_short_write_is_continued() -> Graded {
    check(|t| {
        let mut script = t.converse(&["connection"])?;
        let word = t.word(12);
        script
            .ask(
                format!("read \"{word}\"\nwrite 3\npoll\n"),
                format!("sent \"{}\" wants read write\n", &word[..3]),
            )
            .teaches("write told you how many it took; the others are still yours to send.")?;
        let lesson = "Continue after the bytes already accepted: forget exactly those that write \
                      took.";
        script
            .ask(
                "write 4\npoll\n",
                format!("sent \"{}\" wants read write\n", &word[3..7]),
            )
            .teaches(lesson)?;
        script
            .ask(
                "write 100\npoll\n",
                format!("sent \"{}\" wants read\n", &word[7..]),
            )
            .teaches(lesson)?;
        script.finish(0)
    })
}
