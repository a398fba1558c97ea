//! Stage `many`: nobody waits for anybody.

use testbench::prelude::*;

/// A minute of silence is nothing to the program: on a busy machine a check may keep it waiting.
const PATIENT: [&str; 2] = ["--idle", "60000"];

/// Eight clients connect and say nothing; a ninth has a question.
#[test]
fn an_idle_client_delays_nobody() -> Graded {
    check(|t| {
        let server = t.serve("many", &PATIENT)?;
        let _idle = server.connect_many(8)?;
        let mut active = server.connect()?;
        active.send("ADD 2 3\n")?;
        active
            .expect_line("5")
            .teaches("One quiet client stopped everyone: serve connections independently.")
    })
}

/// Twenty clients are connected; each asks twice, the newest first.
#[test]
fn answers_everyone() -> Graded {
    check(|t| {
        let server = t.serve("many", &PATIENT)?;
        let mut clients = server.connect_many(20)?;
        for _ in 0..2 {
            for client in clients.iter_mut().rev() {
                let (a, b) = (t.number(0..=999), t.number(0..=999));
                client.send(format!("MUL {a} {b}\n"))?;
                client.expect_line(&(a * b).to_string()).teaches(
                    "Every client that is connected may ask at any time, also one that came last.",
                )?;
            }
        }
        Ok(())
    })
}
