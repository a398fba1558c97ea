//! Stage `leave`: a conversation, and a good-bye to nobody.

use testbench::prelude::*;

/// Lines and blobs, mixed; a blob of nothing too.
#[test]
fn converses() -> Graded {
    check(|t| {
        let server = t.serve("leave", &[])?;
        let mut client = server.connect()?;
        let length = 100 + t.below(100_000);
        client.send(format!(
            "ADD 1 2\nBLOB {length}\r\nHELLO\nBLOB 0\nMUL 6 7\n"
        ))?;
        let lesson = "Each line gets its reply, in order; a blob is n bytes and no line end.";
        client.expect_line("3").teaches(lesson)?;
        let blob: Vec<u8> = (b'a'..=b'z').cycle().take(length).collect();
        client.expect(&blob).teaches(lesson)?;
        client.expect_line_beginning("ERR ").teaches(lesson)?;
        client.expect_line("42").teaches(lesson)
    })
}

/// A client has come and gone, the program waits for another, and SIGTERM comes.
#[test]
fn leaves_when_told() -> Graded {
    check(|t| {
        let server = t.serve("leave", &[])?;
        let mut client = server.connect()?;
        client.send("ADD 1 2\n")?;
        client.expect_line("3")?;
        client.close();
        server.settle();

        server.terminate()?;
        server
            .expect_exit(0)
            .when(
                Saw::Silence,
                "Wake the accept: poll it beside the Stop, connect to yourself, or shut the \
                 listener down; closing it from another thread does not wake it.",
            )
            .teaches(
                "SIGTERM asks you to leave, and that is no error: return from serve with Ok. poll \
                 returns Interrupted when the signal comes while it waits; that is no error \
                 either: look at requested().",
            )
    })
}
