//! Stage `fallback`: a server that answers, and one that does not.

use std::time::{Duration, Instant};

use testbench::prelude::*;

/// Two servers; the first answers at once, and takes its time to speak.
#[test]
fn the_first_that_answers_is_used() -> Graded {
    check(|t| {
        let (first, second) = (t.listen()?, t.listen()?);
        let (words, more) = (t.word(20), t.word(20));
        let addrs = [first.addr().to_string(), second.addr().to_string()];
        let program = t.run(&["fallback", &addrs[0], &addrs[1], "--delay", "60000"])?;
        let mut server = first.accept(&program)?;
        server.pause();
        // It waits in a read now, or has taken the silence for an error.
        program.settle();
        server.send(&words)?;
        server.pause();
        server.send(&more)?;
        server.close();
        program.expect_output(words + &more).teaches(
            "The connection is made, and its words are to come: hand it over as a blocking socket, so that \
             reading waits for them.",
        )?;
        program.expect_exit(0)?;
        let other = second.accept_within(&program, PATIENCE)?;
        wrong(other.is_none(), Saw::Wrong, || {
            "the second address was tried, too".to_owned()
        })
        .teaches("The first has answered: who was not tried by then is not tried any more.")
    })
}

/// The first address never answers: the second is tried after the delay, and wins.
#[test]
fn a_dead_address_costs_a_delay() -> Graded {
    check(|t| {
        const DELAY: Duration = Duration::from_millis(700);
        let (hole, live) = (t.black_hole()?, t.listen()?);
        let words = t.word(20);
        let addrs = [hole.addr().to_string(), live.addr().to_string()];
        let began = Instant::now();
        let program = t.run(&["fallback", &addrs[0], &addrs[1], "--delay", "700"])?;
        let mut server = live.accept(&program).teaches(
            "Nobody answers at the first address, and the kernel would try for two minutes: after the \
             delay it is the next one's turn, too.",
        )?;
        let waited = began.elapsed();
        wrong(waited >= DELAY, Saw::Wrong, || {
            format!("with --delay 700 the second address was tried after {} ms", waited.as_millis())
        })
        .teaches("Connections to all at once burden the network and every server: the next one's turn comes after the delay (RFC 8305 5).")?;
        server.send(&words)?;
        server.close();
        program.expect_output(words)?;
        program.expect_exit(0)
    })
}
