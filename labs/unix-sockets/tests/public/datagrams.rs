//! Stage `datagrams`: a record each, and an answer where there is a name.

use std::fs;

use testbench::prelude::*;

/// What the log holds.
fn log(folder: &Folder) -> Outcome<Vec<u8>> {
    fs::read(folder.path().join("log")).map_err(|error| Failure::grader("read the log", error))
}

/// A sender with a name sends three datagrams, and reads the log after each answer.
#[test]
fn each_datagram_is_a_record() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let mut expected = format!("kept {}\n", t.word(5));
        folder.write("log", &expected)?;
        let flags = ["--log", &folder.arg("log")];
        let server = t.serve_unix("datagrams", &folder.socket("log.sock"), &flags)?;
        let sender = server.sender_at(&folder.socket("sender"))?;
        for number in 1..=3 {
            let text = format!("{} {}\t ", t.word(8), t.word(30));
            sender.send(&text)?;
            sender.expect(format!("OK {number}")).teaches(
                "recv_from tells whose datagram it is: send the answer there, OK and the number \
                 of records so far, without a line end.",
            )?;
            expected += &text;
            expected += "\n";
            differs("the log", &expected, log(&folder)?).teaches(
                "One datagram, one record: append its bytes and a line end, and let nothing wait \
                 in a buffer when you answer.",
            )?;
        }
        Ok(())
    })
}

/// A sender that has not bound its socket, then one that has.
#[test]
fn an_unnamed_sender_is_recorded() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        folder.write("log", "")?;
        let flags = ["--log", &folder.arg("log")];
        let server = t.serve_unix("datagrams", &folder.socket("log.sock"), &flags)?;
        let (first, second) = (t.word(12), t.word(12));
        server.unnamed_sender()?.send(&first)?;

        let lesson = "A datagram sender without a name cannot be answered: record what it sent, \
                      and receive the next.";
        let named = server.sender_at(&folder.socket("sender"))?;
        named
            .send(&second)
            .and_then(|()| named.expect("OK 2"))
            .when(Saw::Crash, lesson)
            .teaches(lesson)?;
        differs("the log", format!("{first}\n{second}\n"), log(&folder)?).teaches(lesson)
    })
}
