//! Stage `connect`: who listens, who refuses, who says nothing.

use std::time::{Duration, Instant};

use testbench::prelude::*;

/// First two that listen, then one that listens and one that does not.
#[test]
fn tells_open_from_closed() -> Graded {
    check(|t| {
        let (one, two, closed) = (t.listen()?, t.listen()?, t.closed_port()?);
        let (one, two, closed) = (
            one.addr().to_string(),
            two.addr().to_string(),
            closed.addr().to_string(),
        );
        let program = t.run(&["connect", &one, &two])?;
        program
            .expect_output(format!("{one} open\n{two} open\n"))
            .teaches("Both listen, so both connections are made: EINPROGRESS is how they begin, not how they end.")?;
        program
            .expect_exit(0)
            .teaches("All were open: that is what was asked for.")?;

        let program = t.run(&["connect", &one, &closed])?;
        program
            .expect_output(format!("{one} open\n{closed} closed\n"))
            .teaches("Writable may mean failed: ask SO_ERROR (take_error).")?;
        program
            .expect_failure(1)
            .teaches("One was closed: the answer is no, and the reason stands on stderr.")
    })
}

/// One that never answers, beside one that listens.
#[test]
fn a_black_hole_is_silent() -> Graded {
    check(|t| {
        const DEADLINE: Duration = Duration::from_millis(300);
        let (open, hole) = (t.listen()?, t.black_hole()?);
        let (open, hole) = (open.addr().to_string(), hole.addr().to_string());
        let began = Instant::now();
        let program = t.run(&["connect", &hole, &open, "--deadline", "300"])?;
        program
            .expect_output(format!("{hole} silent\n{open} open\n"))
            .teaches(
                "Nobody answers there, and the kernel would try for minutes: at the deadline the \
                 verdict is silent.",
            )?;
        program.expect_failure(4).teaches(
            "The deadline has passed without an answer from one of them: that is exit code 4.",
        )?;
        wrong(began.elapsed() >= DEADLINE, Saw::Wrong, || {
            format!("the verdict came after {} ms", began.elapsed().as_millis())
        })
        .teaches(
            "An answer could still have come: silent is a verdict for the deadline, not before.",
        )
    })
}
