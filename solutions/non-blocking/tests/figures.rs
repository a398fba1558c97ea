//! What the solution costs: a processor while everyone is silent, memory while nobody reads.
//!
//! The checks judge with room for other ways to write it; here are the solution's own figures:
//! `cargo test -p non-blocking-solution --test figures -- --nocapture`.

use std::time::{Duration, Instant};

use testbench::prelude::*;

/// How many have nothing to say.
const SILENT: usize = 500;

/// How many send and do not read.
const FIREHOSES: usize = 20;

/// More than the kernel keeps between the program and a client that does not read.
const MUCH: usize = 16 << 20;

/// What `backpressure` and `edge` may keep for each client (`--keep`).
const KEEP: u64 = 64 * 1024;

/// What comes once, however many clients there are: buffers that are shared, the allocator's own.
const ONCE: u64 = 1 << 20;

/// The share of a processor that the stage uses while five hundred clients are silent.
fn is_asleep_among_the_silent(stage: &str) -> Graded {
    check(|t| {
        let server = t.serve(stage, &[])?;
        let clients = server.connect_many(SILENT)?;
        server.settle();
        let (began, before) = (Instant::now(), server.facts().cpu()?);
        // Not a wait for anything: the time over which the processor's use is measured.
        std::thread::sleep(Duration::from_secs(2));
        let used = server.facts().cpu()?.saturating_sub(before);
        let share = used.as_secs_f64() / began.elapsed().as_secs_f64();
        println!(
            "{stage}: {} silent clients, {:.2} % of a processor",
            clients.len(),
            share * 100.0
        );
        wrong(share < 0.01, Saw::Spinning, || {
            format!("{:.2} % of a processor", share * 100.0)
        })
    })
}

/// The memory that the stage gains for each client that sends and does not read.
fn keeps_little_of_a_firehose(stage: &str) -> Graded {
    check(|t| {
        let server = t.serve(stage, &[])?;
        let mut first = server.connect()?;
        first.send("x")?;
        first.expect("x")?;
        let before = server.facts().memory()?;
        let payload = t.bytes(MUCH);
        let mut firehoses = Vec::new();
        for _ in 0..FIREHOSES {
            let mut client = server.connect_as(&Wish::receive_buffer(8 * 1024))?;
            client.pour(&payload)?;
            firehoses.push(client);
        }
        let gained = server.facts().peak_memory()?.saturating_sub(before);
        let each = gained / FIREHOSES as u64;
        println!("{stage}: {FIREHOSES} firehoses, {} KiB each", each / 1024);
        wrong(
            gained <= FIREHOSES as u64 * KEEP + ONCE,
            Saw::Excess,
            || format!("{} KiB for each of {FIREHOSES}", each / 1024),
        )
    })
}

#[test]
fn poll_sleeps_among_the_silent() -> Graded {
    is_asleep_among_the_silent("poll")
}

#[test]
fn backpressure_sleeps_among_the_silent() -> Graded {
    is_asleep_among_the_silent("backpressure")
}

#[test]
fn edge_sleeps_among_the_silent() -> Graded {
    is_asleep_among_the_silent("edge")
}

#[test]
fn backpressure_keeps_little_of_a_firehose() -> Graded {
    keeps_little_of_a_firehose("backpressure")
}

#[test]
fn edge_keeps_little_of_a_firehose() -> Graded {
    keeps_little_of_a_firehose("edge")
}
