//! Stage `connect`: many at once.

use std::time::{Duration, Instant};

use testbench::prelude::*;

/// The arguments for these targets.
fn arguments<'a>(targets: &'a [String], deadline: &'a str) -> Vec<&'a str> {
    let targets = targets.iter().map(String::as_str);
    ["connect", "--deadline", deadline]
        .into_iter()
        .chain(targets)
        .collect()
}

/// What a program may have open beside its connections: the standard ones, something to wait with.
const OWN: usize = 16;

/// Looks until `holds`, or patience ends; tells whether it came to hold.
fn comes_to_hold(mut holds: impl FnMut() -> Outcome<bool>) -> Outcome<bool> {
    let deadline = Instant::now() + PATIENCE;
    while !holds()? {
        if Instant::now() > deadline {
            return Ok(false);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(true)
}

/// Open, closed and silent ones, mixed by the seed.
#[test]
fn verdicts_stand_in_the_order_asked() -> Graded {
    check(|t| {
        let (open, closed, hole) = (t.listen()?, t.closed_port()?, t.black_hole()?);
        let (open, closed, hole) = (
            (open.addr(), "open"),
            (closed.addr(), "closed"),
            (hole.addr(), "silent"),
        );
        // The first is the last to have a verdict.
        let mut mixed = vec![hole];
        for _ in 0..4 {
            for kind in [open, closed, hole] {
                mixed.insert(1 + t.below(mixed.len()), kind);
            }
        }
        let targets: Vec<String> = mixed.iter().map(|(addr, _)| addr.to_string()).collect();
        let lines: String = mixed
            .iter()
            .map(|(addr, verdict)| format!("{addr} {verdict}\n"))
            .collect();
        let program = t.run(&arguments(&targets, "400"))?;
        program.expect_output(lines).teaches(
            "Verdicts become known in any order; each belongs to its address, and is told in its place.",
        )?;
        program
            .expect_failure(1)
            .teaches("A closed one decides: exit code 1, whatever else was silent.")
    })
}

/// A hundred times an address that never answers: one after another that would take forty seconds.
#[test]
fn all_are_tried_at_once() -> Graded {
    check(|t| {
        const DEADLINE: Duration = Duration::from_millis(400);
        let hole = t.black_hole()?;
        let targets = vec![hole.addr().to_string(); 100];
        let began = Instant::now();
        let program = t.run(&arguments(&targets, "400"))?;
        let lesson = "Begin all connections before you wait for any, and give all of them one deadline: \
                      together they take as long as the slowest.";
        program.expect_exit(4).teaches(lesson)?;
        let took = began.elapsed();
        wrong(took < 10 * DEADLINE, Saw::Silence, || {
            format!(
                "with --deadline 400 and 100 silent addresses the program took {} ms",
                took.as_millis()
            )
        })
        .teaches(lesson)?;
        let lines: String = targets
            .iter()
            .map(|target| format!("{target} silent\n"))
            .collect();
        program.expect_output(lines).teaches(lesson)
    })
}

/// A hundred connections under way: the program is looked at from outside.
#[test]
fn one_descriptor_each_and_one_thread() -> Graded {
    check(|t| {
        let hole = t.black_hole()?;
        let targets = vec![hole.addr().to_string(); 100];
        let program = t.run(&arguments(&targets, "60000"))?;
        let lesson = "A connection that is being made is one socket, and all are being made at the same \
                      time.";
        let under_way = || program.facts().connecting_to(hole.addr());
        let begun = comes_to_hold(|| program.expect_alive().map(|()| under_way() == 100))?;
        wrong(begun, Saw::Wrong, || {
            format!("of 100 connections {} were under way", under_way())
        })
        .teaches(lesson)?;
        let descriptors = program.facts().descriptors()?;
        wrong(descriptors <= 100 + OWN, Saw::Excess, || {
            format!("with 100 connections under way the program had {descriptors} descriptors")
        })
        .teaches(lesson)?;
        let threads = program.facts().threads()?;
        wrong(threads == 1, Saw::Excess, || {
            format!("with 100 connections under way the program had {threads} threads")
        })
        .teaches(
            "Who does not wait in connect needs no thread to wait in: poll waits for all sockets.",
        )?;
        let share = program.facts().busy_share(Duration::from_millis(150))?;
        wrong(share < 0.1, Saw::Spinning, || {
            format!("with 100 connections under way the program used {:.0} % of a processor", share * 100.0)
        })
        .teaches("Wait in poll, with the time that is left, until one of them is over: do not ask again and again.")
    })
}

/// Fifty that answer at once, and one that never does: while it waits, it needs one socket.
#[test]
fn a_known_verdict_frees_its_descriptor() -> Graded {
    check(|t| {
        let (open, hole) = (t.listen()?, t.black_hole()?);
        let mut targets = vec![open.addr().to_string(); 50];
        targets.push(hole.addr().to_string());
        let program = t.run(&arguments(&targets, "60000"))?;
        let lesson = "When the verdict is known the connection has served its purpose: drop its socket at \
                      once, not at the end.";
        for _ in 0..50 {
            let mut connection = open.accept(&program)?;
            connection.expect_closed().teaches(lesson)?;
        }
        let descriptors = || program.facts().descriptors();
        let freed = comes_to_hold(|| Ok(descriptors()? <= OWN))?;
        let left = descriptors()?;
        wrong(freed, Saw::Excess, || {
            format!("with one connection left to be made the program had {left} descriptors")
        })
        .teaches(lesson)
    })
}
