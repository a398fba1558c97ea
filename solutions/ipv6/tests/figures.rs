//! What a dead first address costs: `fallback` with its default delay of 250 ms.
//!
//! The check judges with room for a busy machine; here are the solution's own figures:
//! `cargo test -p ipv6-solution --test figures -- --nocapture`.

use std::time::{Duration, Instant};

use testbench::prelude::*;

/// How often it is measured.
const RUNS: usize = 50;

/// RFC 8305 5, and the program's default.
const DELAY: Duration = Duration::from_millis(250);

/// From the start of the program to its connection at the second address.
#[test]
fn a_dead_first_address_costs_the_delay_and_little_more() -> Graded {
    check(|t| {
        let (hole, live) = (t.black_hole()?, t.listen()?);
        let addrs = [hole.addr().to_string(), live.addr().to_string()];
        let mut costs = Vec::new();
        for _ in 0..RUNS {
            let began = Instant::now();
            let program = t.run(&["fallback", &addrs[0], &addrs[1]])?;
            let server = live.accept(&program)?;
            costs.push(began.elapsed());
            server.close();
            program.expect_exit(0)?;
        }
        costs.sort();
        let (median, worst) = (costs[RUNS / 2], costs[RUNS - 1]);
        println!(
            "fallback against a dead first address, {RUNS} runs: median {:.1} ms, worst {:.1} ms",
            median.as_secs_f64() * 1e3,
            worst.as_secs_f64() * 1e3
        );
        wrong(costs[0] >= DELAY && median < 10 * DELAY, Saw::Wrong, || {
            format!("between {:?} and {worst:?}", costs[0])
        })
    })
}
