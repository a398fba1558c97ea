//! Stage `compare`: short buffers, empty messages, nothing at all, and the end.

use std::collections::VecDeque;
use std::fmt::Write;

use testbench::bytes::escape;
use testbench::prelude::*;

/// A step of a script.
#[derive(Debug, Clone)]
enum Step {
    Send(Vec<u8>),
    Receive(usize),
    End,
}

use Step::{End, Receive, Send};

/// The script as the program reads it.
fn script(steps: &[Step]) -> String {
    let line = |step: &Step| match step {
        Send(bytes) => format!("send \"{}\"\n", escape(bytes)),
        Receive(size) => format!("receive {size}\n"),
        End => "end\n".to_owned(),
    };
    steps.iter().map(line).collect()
}

/// What unix(7) says that the types do.
fn results(steps: &[Step]) -> String {
    let mut printed = String::new();
    for kind in ["stream", "datagram", "seqpacket"] {
        let mut queue: VecDeque<Vec<u8>> = VecDeque::new();
        let mut ended = false;
        for step in steps {
            match step {
                Send(bytes) if kind == "stream" => {
                    let mut waiting = queue.pop_front().unwrap_or_default();
                    waiting.extend_from_slice(bytes);
                    if !waiting.is_empty() {
                        queue.push_back(waiting);
                    }
                }
                Send(bytes) => queue.push_back(bytes.clone()),
                // Nobody tells the peer of a datagram socket.
                End => ended = kind != "datagram",
                Receive(size) => {
                    let result = match queue.pop_front() {
                        Some(mut bytes) => {
                            let rest = bytes.split_off(bytes.len().min(*size));
                            if kind == "stream" && !rest.is_empty() {
                                queue.push_front(rest);
                            }
                            format!("{} \"{}\"", bytes.len(), escape(&bytes))
                        }
                        None if ended => "0 \"\"".to_owned(),
                        None => "nothing".to_owned(),
                    };
                    // Writing to a String cannot fail.
                    _ = writeln!(printed, "{kind} {result}");
                }
            }
        }
    }
    printed
}

/// Takes the steps; what is printed is what the types do.
fn takes(t: &Bench, steps: &[Step]) -> Outcome {
    t.need_packets()?;
    let program = t.run_typing(&["compare"])?;
    program.feed(script(steps))?;
    program.expect_output(results(steps))?;
    program.expect_exit(0)
}

/// Buffers one byte too short, one byte too long, just right, and of any size.
#[test]
fn a_short_buffer() -> Graded {
    check(|t| {
        let mut steps = Vec::new();
        for _ in 0..4 {
            let lengths = [2 + t.below(20), 2 + t.below(20), 2 + t.below(20)];
            steps.extend(lengths.map(|length| Send(t.bytes(length))));
            let [one, two, three] = lengths;
            let sizes = [one - 1, two + 1, three, 1 + t.below(30)];
            steps.extend(sizes.map(Receive));
        }
        takes(t, &steps).teaches(
            "A buffer that is too short keeps the beginning of a message, and the rest is gone; \
             of a stream the rest comes with the next receive. So the size that the script says \
             must be the size that recv is given.",
        )
    })
}

/// Empty messages before, between and behind others.
#[test]
fn empty_messages() -> Graded {
    check(|t| {
        let (one, two) = (t.bytes(6), t.bytes(3));
        let steps = [
            Send(Vec::new()),
            Receive(10),
            Send(one),
            Send(Vec::new()),
            Send(Vec::new()),
            Send(two),
            Receive(10),
            Receive(10),
            Receive(10),
            Receive(10),
            Receive(10),
        ];
        takes(t, &steps).teaches(
            "An empty send is a message of 0 bytes, and a receive that returns 0 has received it; \
             only on a stream nothing was sent. Send it, print the 0, and go on.",
        )
    })
}

/// Receives before anything was sent, and when everything was received.
#[test]
fn nothing_there() -> Graded {
    check(|t| {
        let steps = [
            Receive(10),
            Send(t.bytes(5)),
            Receive(10),
            Receive(10),
            Receive(1),
            Send(t.bytes(2)),
            Receive(10),
        ];
        takes(t, &steps).teaches(
            "With nothing there a receive waits, here for ever, for nobody else can send: ask with \
             MSG_DONTWAIT. Its WouldBlock is neither 0 bytes nor an error, it is `nothing`.",
        )
    })
}

/// The sender half-closes while messages wait.
#[test]
fn the_end() -> Graded {
    check(|t| {
        let steps = [
            Send(t.bytes(5)),
            Send(t.bytes(4)),
            Receive(5),
            End,
            Receive(10),
            Receive(10),
            Receive(10),
        ];
        takes(t, &steps).teaches(
            "A connection has an end, which comes behind the last byte and stays: 0, as often as \
             one asks. Datagrams have no connection and no end, and there sequenced packets differ \
             from them.",
        )
    })
}
