//! Stories for the testbench's own tests: `checks STORY` tells one and ends as libtest would.

use std::process::{ExitCode, Termination};

use testbench::prelude::*;

const LESSON: &str = "answer what you got";

fn main() -> ExitCode {
    let story = std::env::args().nth(1).unwrap_or_default();
    let graded = match story.as_str() {
        "payload" => payload(),
        "freeze" => freeze(),
        "pour" => pour(),
        "lack" => lack(),
        "pieces" => pieces(),
        "own-panic" => own_panic(),
        "endless-line" => endless_line(),
        "said" => said("no address for me"),
        "not-said" => said("no time for you"),
        stage => exchange(stage),
    };
    graded.report()
}

/// Sends `hello` to a stage of the program and wants it back.
fn exchange(stage: &str) -> Graded {
    check(|t| {
        let server = t.serve(stage, &[])?;
        let mut client = server.connect()?;
        client.send("hello")?;
        client
            .expect("hello")
            .when(Saw::Crash, "a crash is no answer")
            .teaches(LESSON)
    })
}

/// Fails always, showing random bytes and a random schedule.
fn payload() -> Graded {
    check(|t| {
        let server = t.serve("echo", &[])?;
        let mut client = server.connect()?;
        let payload = t.bytes(40);
        client.send_in_pieces(&payload, &t.piece_sizes(9))?;
        client.expect(&payload)?;
        client.send(t.word(8))?;
        client.expect("never this")
    })
}

/// Resets while the program is stopped; then it answers again.
fn freeze() -> Graded {
    check(|t| {
        let server = t.serve("echo", &[])?;
        server.freeze()?;
        server.connect()?.reset()?;
        let mut frozen = server.connect()?;
        frozen.send("a")?;
        wrong(
            !frozen.hears_within(std::time::Duration::from_millis(50))?,
            Saw::Wrong,
            || "a stopped program answered".to_owned(),
        )?;
        server.thaw()?;
        frozen.expect("a")?;
        frozen.half_close()?;
        frozen.expect_end()
    })
}

/// Pours more than the kernel holds into a program that never reads, and a word into one that does.
fn pour() -> Graded {
    check(|t| {
        let server = t.serve("mute", &[])?;
        let mut client = server.connect()?;
        let payload = vec![b'x'; 64 << 20];
        let went = client.pour(&payload)?;
        let unread = server.unread();
        wrong(went > 0 && went < payload.len(), Saw::Wrong, || {
            format!("{went} bytes went")
        })?;
        wrong(unread > 0 && unread <= went as u64, Saw::Wrong, || {
            format!("{unread} of {went} bytes are unread")
        })?;

        let mut client = t.serve("echo", &[])?.connect()?;
        let went = client.pour("word")?;
        wrong(went == 4, Saw::Wrong, || format!("{went} of 4 bytes went"))?;
        client.expect("word")
    })
}

/// A program that leaves with a reason on stderr.
fn said(words: &'static str) -> Graded {
    check(|t| {
        let program = t.start_on(std::net::SocketAddr::new(t.ip(), 0), "never-ready", &[])?;
        program.expect_failure(1)?;
        program.expect_said(words)
    })
}

/// Wants a line from a program that never ends one.
fn endless_line() -> Graded {
    check(|t| {
        t.serve("pour", &[])?
            .connect()?
            .expect_line("hello")
            .teaches(LESSON)
    })
}

fn lack() -> Graded {
    check(|_| Err(Failure::lack("no such network here")))
}

fn own_panic() -> Graded {
    check(|t| {
        t.serve("echo", &[])?;
        panic!("the check is wrong")
    })
}

/// Takes what came in pieces of the check's choice; then there is no more.
fn pieces() -> Graded {
    check(|t| {
        let server = t.serve("echo", &[])?;
        let mut client = server.connect()?;
        client.send("hello")?;
        differs("the first piece", "he", client.take(2)?)?;
        differs("the second piece", "llo", client.take(3)?)?;
        client.half_close()?;
        client.take(7).map(drop)
    })
}
