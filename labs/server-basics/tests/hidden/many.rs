//! Stage `many`: limits, silence, faults, and what is left behind.

use std::thread;
use std::time::{Duration, Instant};

use testbench::prelude::*;

/// A server that bears a minute of silence: on a busy machine a check may keep it waiting.
fn serve(t: &Bench, flags: &[&str]) -> Outcome<Server> {
    t.serve("many", &[flags, &["--idle", "60000"]].concat())
}

/// Eight clients stop in the middle of a line; a ninth asks; then they go on.
#[test]
fn half_a_line_delays_nobody() -> Graded {
    check(|t| {
        let server = serve(t, &[])?;
        let mut halves = server.connect_many(8)?;
        for half in &mut halves {
            half.send("ADD 40 ")?;
            half.pause();
        }
        let mut active = server.connect()?;
        active.send("ADD 2 3\n")?;
        active.expect_line("5").teaches(
            "Half a line had come from another client, and you stayed with it: reading a whole \
             line blocks, whether or not a first byte is there.",
        )?;
        for half in &mut halves {
            half.send("2\n")?;
            half.expect_line("42")
                .teaches("Each client needs a buffer of its own for its half line.")?;
        }
        Ok(())
    })
}

/// Four places: the fifth client is told BUSY, and so are twenty more. Then one place is free again.
#[test]
fn says_busy_past_the_maximum() -> Graded {
    check(|t| {
        let server = serve(t, &["--max", "4"])?;
        let idle_threads = server.facts().threads()?;
        let mut served = server.connect_many(4)?;
        for client in &mut served {
            client.send("ADD 1 2\n")?;
            client.expect_line("3")?;
        }
        let mut refused = Vec::new();
        for _ in 0..21 {
            let mut client = server.connect()?;
            client
                .expect_line("BUSY")
                .and_then(|()| client.expect_closed())
                .teaches("Every idle client costs a stack; set a limit and say BUSY.")?;
            refused.push(client);
        }
        let (most, threads) = (idle_threads + 4 + 2, server.facts().threads()?);
        wrong(threads <= most, Saw::Excess, || {
            format!("with 4 clients served and 21 refused, the program had {threads} threads")
        })
        .teaches("Who is told BUSY must not cost a thread that stays.")?;

        served.pop();
        expect_a_place(&server).teaches(
            "When a client leaves, however it leaves, its place must be free again: give it back \
             in a drop.",
        )?;
        let oldest = &mut served[0];
        oldest.send("ADD 3 4\n")?;
        oldest
            .expect_line("7")
            .teaches("Those who have a place keep it.")
    })
}

/// Four places are taken by two silent clients and two with half a line; all end at the limit.
#[test]
fn silence_ends_at_the_idle_limit() -> Graded {
    check(|t| {
        const IDLE: Duration = Duration::from_millis(300);
        let server = t.serve("many", &["--max", "4", "--idle", "300"])?;
        let began = Instant::now();
        let mut silent = server.connect_many(4)?;
        silent[0].send("ADD 1 2\n")?;
        silent[0].expect_line("3")?;
        for client in &mut silent[2..] {
            client.send("ADD 1 ")?;
        }
        for client in &mut silent {
            client
                .expect_closed()
                .when(
                    Saw::Wrong,
                    "Close a silent client without a word; what it had begun was no request.",
                )
                .teaches("Give silence a deadline: with nothing, and in the middle of a line.")?;
            wrong(began.elapsed() >= IDLE, Saw::Wrong, || {
                format!(
                    "a client was closed after {} ms of silence",
                    began.elapsed().as_millis()
                )
            })
            .teaches("--idle is what a client may be silent: not less.")?;
        }
        expect_a_place(&server).teaches(
            "Who was closed for being silent has left, too: the way out through an error gives \
             the place back like any other.",
        )
    })
}

/// One byte every tenth of the limit, for more than twice the limit: that is not silence.
#[test]
fn a_talking_client_may_stay() -> Graded {
    check(|t| {
        const IDLE: Duration = Duration::from_millis(400);
        let line = format!("ADD {:0>24} 1\n", t.number(100..=999));
        let server = t.serve("many", &["--idle", "400"])?;
        // On a busy machine it may be this check that falls silent; then it begins again.
        for _ in 0..10 {
            let mut client = server.connect()?;
            let mut longest = Duration::ZERO;
            let mut last = Instant::now();
            let talked = line.bytes().try_for_each(|byte| {
                client.send([byte])?;
                longest = longest.max(last.elapsed());
                last = Instant::now();
                thread::sleep(IDLE / 10);
                Ok(())
            });
            // When a byte cannot be sent, what came before it may have been the silence.
            longest = longest.max(last.elapsed().saturating_sub(IDLE / 10));
            let answered = talked.and_then(|()| client.line());
            if longest < IDLE / 2 {
                return answered.map(drop).teaches(
                    "The limit is for silence, not for the length of a visit or of a line: it \
                     begins again with every byte.",
                );
            }
        }
        Err(Failure::too_busy("send a byte every 40 ms"))
    })
}

/// Resets before accept and in mid-line, beside a client who has done nothing wrong.
#[test]
fn resets_end_nothing() -> Graded {
    check(|t| {
        let server = serve(t, &["--max", "12"])?;
        let mut bystander = server.connect()?;
        bystander.send("ADD 1 2\n")?;
        bystander.expect_line("3")?;

        let dead_before_accept = || {
            server.freeze()?;
            for gone in server.connect_many(8)? {
                gone.reset()?;
            }
            server.thaw()
        };
        let dead_in_mid_line = || {
            for mut gone in server.connect_many(3)? {
                gone.send("ADD 1 2\nADD 1")?;
                gone.expect_line("3")?;
                gone.reset()?;
            }
            Ok(())
        };
        let mut story = || {
            dead_before_accept()?;
            dead_in_mid_line()?;
            bystander.send("ADD 3 4\n")?;
            bystander.expect_line("7")?;
            expect_a_place(&server)
        };
        let lesson = "accept and read can fail for one client only: end that one, and go on with \
                      the others.";
        story().when(Saw::Crash, lesson).teaches(lesson)
    })
}

/// Five hundred visits; after the last the program is as it was after the first few.
#[test]
fn visits_leave_nothing_behind() -> Graded {
    check(|t| {
        /// Well below the descriptors it may have: a leak shows before they run out.
        const FEW: usize = 25;
        let lesson = "Something stays when a client has left: who still owns its stream, its \
                      thread, its place?";
        let server = serve(t, &["--max", "40"])?;
        let mut left = Vec::new();
        for visits in [FEW, 500 - FEW] {
            for _ in 0..visits {
                visit(&server).teaches(lesson)?;
            }
            left.push(settled(&server)?);
        }
        let ((threads, descriptors), (more_threads, more_descriptors)) = (left[0], left[1]);
        wrong(more_threads <= threads + 2 && more_descriptors <= descriptors + 2, Saw::Excess, || {
            format!(
                "after {FEW} visits the program had {threads} threads and {descriptors} descriptors, \
                 after 500 it had {more_threads} and {more_descriptors}"
            )
        })
        .teaches(lesson)
    })
}

/// The program may open six descriptors more, and twelve clients want one each.
#[test]
fn survives_being_out_of_descriptors() -> Graded {
    check(|t| {
        let server = serve(t, &[])?;
        visit(&server)?;
        settled(&server)?;
        server.leave_descriptors(6)?;

        let dies = "accept can fail although the listener is sound: wait a little and try again.";
        let clients = server.connect_many(12).teaches(dies)?;
        clients[11].pause();
        let share = server.facts().busy_share(Duration::from_millis(150));
        let share = share.teaches(dies)?;
        wrong(share < 0.2, Saw::Spinning, || {
            format!(
                "out of descriptors, the program used {:.0} % of a processor",
                share * 100.0
            )
        })
        .teaches(
            "The pending connection stays queued, so accept fails again at once: back off, or \
             free a descriptor.",
        )?;
        for client in clients {
            client.close();
        }
        expect_a_place(&server).teaches(
            "accept can fail although the listener is sound: wait a little and try again, and \
             when clients leave there are descriptors again.",
        )
    })
}

/// A whole visit: a question, its answer, and good-bye.
fn visit(server: &Server) -> Outcome {
    let mut client = server.connect()?;
    client.send("ADD 1 2\n")?;
    client.expect_line("3")?;
    client.close();
    Ok(())
}

/// A newcomer finds a place; until the program has noticed that one is free, newcomers may hear BUSY.
fn expect_a_place(server: &Server) -> Outcome {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let served = visit(server);
        if served.is_ok() || Instant::now() > deadline || server.expect_alive().is_err() {
            return served;
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// Threads and descriptors of the program when they have stopped changing: it needs a moment to
/// notice that clients have left.
fn settled(server: &Server) -> Outcome<(usize, usize)> {
    let deadline = Instant::now() + PATIENCE;
    let count = || Ok((server.facts().threads()?, server.facts().descriptors()?));
    let mut lowest = count()?;
    let mut since = Instant::now();
    while since.elapsed() < Duration::from_millis(100) && Instant::now() < deadline {
        let (threads, descriptors) = count()?;
        if threads < lowest.0 || descriptors < lowest.1 {
            lowest = (threads.min(lowest.0), descriptors.min(lowest.1));
            since = Instant::now();
        }
        thread::sleep(Duration::from_millis(2));
    }
    Ok(lowest)
}
