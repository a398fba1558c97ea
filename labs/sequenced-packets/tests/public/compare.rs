//! Stage `compare`: what each type makes of the same sends.

use testbench::prelude::*;

/// Takes the steps of `script`; what is printed is exactly this.
fn takes(t: &Bench, script: &str, printed: &str) -> Outcome {
    let program = t.run_typing(&["compare"])?;
    program.feed(script)?;
    program.expect_output(printed)?;
    program.expect_exit(0)
}

/// Each message is received before the next is sent, and there is room for it: no difference.
#[test]
fn one_by_one() -> Graded {
    check(|t| {
        t.need_packets()?;
        let (one, two) = (t.word(7), t.word(12));
        let script = format!("send \"{one}\"\nreceive 100\nsend \"{two}\"\nreceive 100\n");
        let printed: String = ["stream", "datagram", "seqpacket"]
            .iter()
            .map(|kind| format!("{kind} 7 \"{one}\"\n{kind} 12 \"{two}\"\n"))
            .collect();
        takes(t, &script, &printed).teaches(
            "Take the steps as they come: one send for a send, one receive for a receive, and of \
             the buffer the bytes that came, as many as the call returned.",
        )
    })
}

/// Three messages wait; the first receives have more room than any of them.
#[test]
fn boundaries() -> Graded {
    check(|t| {
        t.need_packets()?;
        let (one, two, three) = (t.word(5), t.word(3), t.word(4));
        let script = format!(
            "send \"{one}\"\nsend \"{two}\"\nsend \"{three}\"\nreceive 6\nreceive 100\nreceive 100\n"
        );
        let apart =
            |kind| format!("{kind} 5 \"{one}\"\n{kind} 3 \"{two}\"\n{kind} 4 \"{three}\"\n");
        let (joined, rest) = (
            format!("{one}{}", &two[..1]),
            format!("{}{three}", &two[1..]),
        );
        let printed = format!(
            "stream 6 \"{joined}\"\nstream 6 \"{rest}\"\nstream nothing\n{}{}",
            apart("datagram"),
            apart("seqpacket")
        );
        takes(t, &script, &printed).teaches(
            "A stream runs its bytes together; a receive from the other two is one message, \
             however large the buffer. Make the pair of the type that is asked for, and call recv \
             once for a receive.",
        )
    })
}
