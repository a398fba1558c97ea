//! Stage `deadlines`: what each limit covers, and what it does not.

use std::thread;
use std::time::{Duration, Instant};

use testbench::prelude::*;

/// A byte every 20 ms, for ever: silence never lasts, so the total has to fire.
///
/// Around the moment when it does no byte comes: which of the two a program sees first is
/// another question.
#[test]
fn a_drip_meets_the_total() -> Graded {
    check(|t| {
        const PAUSE: Duration = Duration::from_millis(20);
        // The kernel counts in ticks of up to 10 ms.
        const TICKS: Duration = Duration::from_millis(30);
        let flags = ["--read-timeout", "6000"];
        let (total, began, program, mut server) =
            meet_within(t, Duration::from_millis(500), &flags)?;
        let quiet = total * 21 / 25..total * 7 / 5;
        let lesson = "Each byte restarted your clock; keep one deadline and pass what is left.";
        while program.expect_alive().is_ok() {
            wrong(began.elapsed() < total + PATIENCE, Saw::Silence, || {
                "5 s after its time the program still took what came".to_owned()
            })
            .teaches(lesson)?;
            if !quiet.contains(&began.elapsed()) {
                server.send_until_closed(".")?;
            }
            thread::sleep(PAUSE);
        }
        program.expect_failure(4).teaches(lesson)?;
        let lasted = began.elapsed();
        wrong(lasted + TICKS >= total, Saw::Exit, || {
            format!("the program gave up after {} ms", lasted.as_millis())
        })
        .teaches("--total-timeout is what all of it may take: not less.")?;
        program
            .expect_said("total-timeout")
            .teaches("It was the total that fired, and silence never lasted: say so.")
    })
}

/// Bytes that come slowly, for longer than the server may be silent.
#[test]
fn every_byte_begins_the_silence_again() -> Graded {
    check(|t| {
        const LIMIT: Duration = Duration::from_secs(1);
        // On a busy machine it may be this check that falls silent; then it begins again.
        for _ in 0..5 {
            let (program, mut server) = t.meet("deadlines", &["--read-timeout", "1000"])?;
            let said = t.word(8);
            let mut longest = Duration::ZERO;
            let mut last = Instant::now();
            for byte in said.bytes() {
                thread::sleep(LIMIT / 5);
                longest = longest.max(last.elapsed());
                last = Instant::now();
                server.send_until_closed([byte])?;
            }
            server.close();
            if longest < LIMIT / 2 {
                let lesson = "The limit is for silence, not for the whole: it begins again with \
                              every byte.";
                program.expect_output(&said).teaches(lesson)?;
                return program.expect_exit(0).teaches(lesson);
            }
        }
        Err(Failure::too_busy("send a byte every 200 ms"))
    })
}

/// Nothing but a total, and an address that neither accepts nor refuses.
#[test]
fn the_total_covers_connecting() -> Graded {
    check(|t| {
        let (alive, mut server) = t.meet("deadlines", &["--total-timeout", "60000"])?;
        server.send("here")?;
        server.close();
        alive.expect_output("here")?;
        alive.expect_exit(0)?;

        let hole = t.black_hole()?;
        let addr = hole.addr().to_string();
        let program = t.run(&["deadlines", &addr, "--total-timeout", "300"])?;
        let lesson = "The total begins with the program: connecting has what is left of it, and \
                      reading has what connecting left.";
        program.expect_failure(4).teaches(lesson)?;
        program.expect_said("total-timeout").teaches(lesson)
    })
}

/// Connected at once; then the server takes longer than connecting may take.
#[test]
fn a_connection_made_has_met_its_limit() -> Graded {
    check(|t| {
        let (program, mut server) = t.meet("deadlines", &["--connect-timeout", "500"])?;
        thread::sleep(Duration::from_millis(800));
        let word = t.word(12);
        let lesson = "--connect-timeout is over once the connection is made: it says nothing about \
                      how long the server may be silent then.";
        server.send_until_closed(&word).teaches(lesson)?;
        server.close();
        program.expect_output(&word).teaches(lesson)?;
        program.expect_exit(0).teaches(lesson)
    })
}

/// Nobody listens, and there would be a minute to wait for it.
#[test]
fn a_refusal_is_told_at_once() -> Graded {
    check(|t| {
        let flags = ["--connect-timeout", "60000", "--total-timeout", "60000"];
        let (alive, mut server) = t.meet("deadlines", &flags)?;
        server.send("here")?;
        server.close();
        alive.expect_output("here")?;

        let nobody = t.listen()?.addr().to_string();
        let program = t.run(&[&["deadlines", &nobody][..], &flags].concat())?;
        let lesson = "A refusal is an answer, and waiting does not make it another: tell it at \
                      once, with exit code 1.";
        program
            .expect_failure(1)
            .when(Saw::Crash, lesson)
            .teaches(lesson)
    })
}

/// The program is stopped in the middle of a wait, and continued.
#[test]
fn goes_on_after_a_stop() -> Graded {
    check(|t| {
        let flags = ["--read-timeout", "60000", "--total-timeout", "60000"];
        let (program, mut server) = t.meet("deadlines", &flags)?;
        let (first, second) = (t.word(12), t.word(12));
        server.send(&first)?;
        program.expect_output_so_far(&first)?;
        wait_for_its_wait(&program);
        program.freeze()?;
        program.thaw()?;
        server.pause();
        let lesson = "A signal interrupted the call, nothing is wrong: read again when a read \
                      fails with Interrupted.";
        server.send_until_closed(&second).teaches(lesson)?;
        server.close();
        program.expect_output(first + &second).teaches(lesson)?;
        program.expect_exit(0).teaches(lesson)
    })
}

/// The total passes while the program is stopped, and bytes are waiting when it goes on.
#[test]
fn a_limit_passes_while_it_is_stopped() -> Graded {
    check(|t| {
        const MOST: Duration = Duration::from_secs(8);
        // On a busy machine the time may be over before the program is stopped; then with more of it.
        for total in [MOST / 8, MOST / 4, MOST / 2, MOST] {
            let (total, began, program, mut server) = meet_within(t, total, &[])?;
            // Its clock has begun between these two moments.
            let met = Instant::now();
            server.send_until_closed("tick")?;
            while program.stdout() != b"tick" && began.elapsed() < total / 2 {
                thread::sleep(Duration::from_millis(1));
            }
            if total >= MOST {
                // So long the program can have been kept from printing by itself only.
                program.expect_output_so_far("tick")?;
            }
            wait_for_its_wait(&program);
            if began.elapsed() > total / 2 {
                continue;
            }
            program.freeze()?;
            server.send("tock")?;
            thread::sleep((total + total / 20).saturating_sub(met.elapsed()));
            program.thaw()?;
            program.expect_failure(4).teaches(
                "Nothing was left of the time, and no time at all is no timeout: std refuses \
                 zero. When nothing is left, the deadline has passed.",
            )?;
            return program.expect_said("total-timeout").teaches(
                "The time that passed while the program was stopped has passed all the same: it \
                 was the total.",
            );
        }
        Err(Failure::too_busy("stop the program in time"))
    })
}

/// The program, which has `total` for all of it, when it was started, and the server's end. On a busy
/// machine that may be over before it has connected: then once more, with four times as much.
fn meet_within(
    t: &Bench,
    total: Duration,
    flags: &[&str],
) -> Outcome<(Duration, Instant, Program, Peer)> {
    let meet = |total: Duration| {
        let limit = total.as_millis().to_string();
        let began = Instant::now();
        let flags = [flags, &["--total-timeout", &limit]].concat();
        let (program, server) = t.meet("deadlines", &flags)?;
        Ok((total, began, program, server))
    };
    meet(total).or_else(|_: Failure| meet(total * 4))
}

/// Waits until the program waits itself, in whichever call.
fn wait_for_its_wait(program: &Program) {
    let deadline = Instant::now() + PATIENCE;
    let computes = |doing: &String| doing.contains("computing");
    while program.facts().doing(&[]).as_ref().is_some_and(computes) && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(1));
    }
}
