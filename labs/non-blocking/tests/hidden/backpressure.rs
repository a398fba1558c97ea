//! Stage `backpressure`: clients who send and do not read.

use std::time::{Duration, Instant};

use testbench::prelude::*;

/// More than the kernel keeps between the program and a client that does not read.
const MUCH: usize = 16 << 20;

/// What `--keep` is by default.
const KEEP: u64 = 64 * 1024;

/// What may come on top for buffers that are shared, and for what the allocator does.
const SLACK: u64 = 2 << 20;

/// What a program may use of a processor while it has nothing to do.
const IDLE: f64 = 0.1;

/// A word there and back.
fn exchange(t: &Bench, client: &mut Peer) -> Outcome {
    let word = t.word(12);
    client.send(&word)?;
    client.expect(&word)
}

/// Clients who have sent all that goes, and have read nothing.
fn firehoses(t: &Bench, server: &Server, count: usize) -> Outcome<Vec<Peer>> {
    let payload = t.bytes(MUCH);
    let pour = |_| {
        let mut client = server.connect_as(&Wish::receive_buffer(8 * 1024))?;
        client.pour(&payload).teaches(
            "A client that does not read for a moment is still there: keep what it is owed, and keep the \
             connection.",
        )?;
        Ok(client)
    };
    (0..count).map(pour).collect()
}

/// Four clients send and never read; the program's memory is looked at before and after.
#[test]
fn memory_stays_flat() -> Graded {
    check(|t| {
        let server = t.serve("backpressure", &[])?;
        exchange(t, &mut server.connect()?)?;
        let before = server.facts().memory()?;
        let firehoses = firehoses(t, &server, 4)?;
        let grown = server.facts().peak_memory()?.saturating_sub(before);
        let most = firehoses.len() as u64 * KEEP + SLACK;
        wrong(grown <= most, Saw::Excess, || {
            format!(
                "while 4 clients sent and did not read, the program's memory grew by {} KiB",
                grown / 1024
            )
        })
        .teaches(
            "When its buffer is full, stop reading from that client: what you do not read waits in \
                  the kernel, and then in the client's, and costs you nothing.",
        )
    })
}

/// One client sends and never reads; a bystander and a newcomer have a question.
#[test]
fn who_does_not_read_stops_nobody() -> Graded {
    check(|t| {
        let server = t.serve("backpressure", &[])?;
        let mut bystander = server.connect()?;
        exchange(t, &mut bystander)?;
        let _stuck = firehoses(t, &server, 1)?;
        let lesson = "A write that waits, or tries until it succeeds, waits for all your clients: write \
                      what goes, and let poll tell when there is room.";
        exchange(t, &mut bystander).teaches(lesson)?;
        let newcomer = server.connect();
        newcomer
            .and_then(|mut newcomer| exchange(t, &mut newcomer))
            .teaches(lesson)?;
        let threads = server.facts().threads()?;
        wrong(threads == 1, Saw::Excess, || {
            format!("with 3 clients the program had {threads} threads")
        })
        .teaches("One thread is enough, and the rule here: a thread that waits for one client only hides the question.")
    })
}

/// How long a word takes, there and back, before and while others do not read.
#[test]
fn others_are_as_quick_as_before() -> Graded {
    check(|t| {
        let server = t.serve("backpressure", &[])?;
        let mut bystander = server.connect()?;
        let mut time = || -> Outcome<Duration> {
            let began = Instant::now();
            exchange(t, &mut bystander)?;
            Ok(began.elapsed())
        };
        let mut before = Duration::MAX;
        for _ in 0..50 {
            before = before.min(time()?);
        }
        let _stuck = firehoses(t, &server, 2)?;
        // On a busy machine any one exchange may be slow; a program that is quick is quick sometimes.
        let limit = 10 * before;
        let (began, mut best) = (Instant::now(), Duration::MAX);
        while best > limit && began.elapsed() < PATIENCE {
            best = best.min(time()?);
        }
        wrong(best <= limit, Saw::Wrong, || {
            format!(
                "a word was answered in {} µs, and in {} µs at best while two clients did not read",
                before.as_micros(),
                best.as_micros()
            )
        })
        .teaches(
            "Who does not read must cost the others no time: do not sleep on its account, leave it out \
             of what poll is to wait for.",
        )
    })
}

/// Four clients do not read; nothing can be done until they do.
#[test]
fn it_sleeps_until_there_is_room() -> Graded {
    check(|t| {
        let server = t.serve("backpressure", &[])?;
        exchange(t, &mut server.connect()?)?;
        let _stuck = firehoses(t, &server, 4)?;
        let share = server.facts().busy_share(Duration::from_millis(150))?;
        wrong(share < IDLE, Saw::Spinning, || {
            format!(
                "while 4 clients did not read, the program used {:.0} % of a processor",
                share * 100.0
            )
        })
        .teaches(
            "A client that you do not want to read from is still readable: ask for POLLIN only while \
             there is room for what it sends, or poll returns at once.",
        )
    })
}
