//! Stage `fallback`: refusals, late answers, losers, and nobody at all.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use testbench::black_hole::BlackHole;
use testbench::prelude::*;

/// Starts the program with these addresses and flags.
fn start(t: &Bench, addrs: &[SocketAddr], flags: &[&str]) -> Outcome<Program> {
    let addrs: Vec<String> = addrs.iter().map(ToString::to_string).collect();
    let mut args = vec!["fallback"];
    args.extend(addrs.iter().map(String::as_str));
    args.extend(flags);
    t.run(&args)
}

/// Looks until `holds`, or patience ends, or the program does; tells whether it came to hold.
fn comes_to_hold(program: &Program, holds: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        if Instant::now() > deadline || program.expect_alive().is_err() {
            return holds();
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    true
}

/// The server says a word, and the program prints it and leaves.
fn speak(t: &Bench, program: &Program, mut server: Peer) -> Outcome {
    let word = t.word(20);
    server.send(&word)?;
    server.close();
    program.expect_output(word)?;
    program.expect_exit(0)
}

/// Two addresses refuse, the third is live; the delay is a minute.
#[test]
fn a_refusal_costs_no_delay() -> Graded {
    check(|t| {
        let (one, two, live) = (t.closed_port()?, t.closed_port()?, t.listen()?);
        let addrs = [one.addr(), two.addr(), live.addr()];
        let program = start(t, &addrs, &["--delay", "60000", "--timeout", "120000"])?;
        let server = live
            .accept(&program)
            .when(
                Saw::Exit,
                "A name is a list of addresses: one that refuses is no reason to leave. Try the next.",
            )
            .teaches("A refusal is an answer: there is nothing to wait for any more, so the next one's turn is now.")?;
        speak(t, &program, server)
    })
}

/// The first address answers late, when the second, which never answers, is under way already.
#[test]
fn a_late_answer_still_counts() -> Graded {
    check(|t| {
        let (late, never) = (t.black_hole()?, t.black_hole()?);
        let addrs = [late.addr(), never.addr()];
        let program = start(t, &addrs, &["--delay", "100", "--timeout", "60000"])?;
        let under_way = comes_to_hold(&program, || program.facts().connecting_to(never.addr()) > 0);
        wrong(under_way, Saw::Silence, || {
            "the second address was never tried".to_owned()
        })?;
        let server = late.relent()?.accept(&program).teaches(
            "When the next one's turn has come, the first is not out: its answer was late, and is an \
             answer. Let earlier attempts go on.",
        )?;
        speak(t, &program, server)
    })
}

/// The second address wins; while its connection lives, the first attempt is looked for. Where the
/// machine has IPv6, the loser is an IPv6 address, as in life.
#[test]
fn the_loser_is_closed() -> Graded {
    check(|t| {
        let hole = match t.loopback6() {
            Ok(ip) => BlackHole::new(ip)?,
            Err(_) => t.black_hole()?,
        };
        let live = t.listen()?;
        let program = start(t, &[hole.addr(), live.addr()], &["--delay", "200"])?;
        let server = live.accept(&program)?;
        let closed = comes_to_hold(&program, || program.facts().connecting_to(hole.addr()) == 0);
        wrong(closed, Saw::Excess, || {
            "the second address has answered, and the first is still being tried".to_owned()
        })
        .teaches(
            "One connection is what you wanted: drop the sockets of the other attempts as soon as it is \
             made, or some server keeps a client that never speaks.",
        )?;
        speak(t, &program, server)
    })
}

/// Two addresses refuse, one after the other.
#[test]
fn the_last_error_is_told() -> Graded {
    check(|t| {
        let live = t.listen()?;
        let program = start(t, &[live.addr()], &[])?;
        let server = live.accept(&program)?;
        speak(t, &program, server)?;

        let (one, two) = (t.closed_port()?, t.closed_port()?);
        let program = start(t, &[one.addr(), two.addr()], &["--delay", "60000"])?;
        let lesson = "When all have failed, tell the failure that ended the last hope: the address that \
                      was the last to fail, and its error.";
        program.expect_failure(1).teaches(lesson)?;
        program
            .expect_said(&two.addr().to_string())
            .teaches(lesson)?;
        program.expect_said("efused").teaches(lesson)?;
        program.expect_output("")
    })
}

/// Nobody ever answers, and nobody refuses.
#[test]
fn silence_has_an_end() -> Graded {
    check(|t| {
        const TIMEOUT: Duration = Duration::from_millis(900);
        let live = t.listen()?;
        let program = start(t, &[live.addr()], &["--timeout", "900"])?;
        let server = live.accept(&program)?;
        speak(t, &program, server)?;

        let (one, two) = (t.black_hole()?, t.black_hole()?);
        let began = Instant::now();
        let flags = ["--delay", "100", "--timeout", "900"];
        let program = start(t, &[one.addr(), two.addr()], &flags)?;
        program
            .expect_failure(4)
            .teaches("Nobody answers: when --timeout has passed there is no more to be hoped for, and that is exit code 4.")?;
        let waited = began.elapsed();
        wrong(waited >= TIMEOUT, Saw::Wrong, || {
            format!(
                "with --timeout 900 the program gave up after {} ms",
                waited.as_millis()
            )
        })
        .teaches(
            "The delay begins the next attempt and ends none: the last one has until --timeout.",
        )
    })
}
