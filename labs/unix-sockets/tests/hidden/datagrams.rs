//! Stage `datagrams`: many senders, odd datagrams, and senders that do not listen.

use std::fs;

use testbench::prelude::*;

const EACH: &str = "Each datagram brings its own sender's address: answer to that one, and do not \
                    connect the socket, which then hears one sender only.";

/// A server with an empty log in `folder`.
fn serve(t: &Bench, folder: &Folder) -> Outcome<UnixServer> {
    folder.write("log", "")?;
    let flags = ["--log", &folder.arg("log")];
    t.serve_unix("datagrams", &folder.socket("log.sock"), &flags)
}

/// What the log holds.
fn log(folder: &Folder) -> Outcome<Vec<u8>> {
    fs::read(folder.path().join("log")).map_err(|error| Failure::grader("read the log", error))
}

/// A hundred senders send first; then they receive, the last one first.
#[test]
fn a_hundred_senders_are_answered_each() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder)?;
        let mut senders = Vec::new();
        let mut expected = String::new();
        for number in 1..=100 {
            let sender = server.sender_at(&folder.socket(&format!("sender {number}")))?;
            let text = format!("{number} {}", t.word(10));
            sender.send(&text).teaches(EACH)?;
            expected += &text;
            expected += "\n";
            senders.push(sender);
        }
        for (before, sender) in senders.iter().enumerate().rev() {
            sender.expect(format!("OK {}", before + 1)).teaches(EACH)?;
        }
        differs("the log", expected, log(&folder)?)
    })
}

/// Datagrams with line ends and backslashes in them.
#[test]
fn a_line_end_stays_inside_its_record() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder)?;
        let sender = server.sender_at(&folder.socket("sender"))?;
        let word = t.word(6);
        let datagrams = [
            (format!("{word}\n{word}"), format!("{word}\\n{word}\n")),
            ("\n".to_owned(), "\\n\n".to_owned()),
            (format!("\\n{word}\\"), format!("\\\\n{word}\\\\\n")),
        ];
        let mut expected = String::new();
        for (number, (datagram, record)) in (1..).zip(datagrams) {
            sender.send(datagram)?;
            sender.expect(format!("OK {number}"))?;
            expected += &record;
            differs("the log", &expected, log(&folder)?).teaches(
                "A line end inside a datagram would end its record too early: write it as \\n, \
                 and a backslash as two, so that the two can be told apart.",
            )?;
        }
        Ok(())
    })
}

/// Nothing at all, and then something.
#[test]
fn an_empty_datagram_is_a_record() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder)?;
        let sender = server.sender_at(&folder.socket("sender"))?;
        let lesson = "A datagram socket has no end of stream: 0 bytes are an empty message, and \
                      a record like any other.";
        let word = t.word(10);
        for (number, datagram) in (1..).zip(["", &word]) {
            sender
                .send(datagram)
                .and_then(|()| sender.expect(format!("OK {number}")))
                .teaches(lesson)?;
        }
        differs("the log", format!("\n{word}\n"), log(&folder)?).teaches(lesson)
    })
}

/// 65536 bytes in one datagram, and a small one behind it.
#[test]
fn a_large_datagram_is_recorded_whole() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder)?;
        let sender = server.sender_at(&folder.socket("sender"))?;
        let (large, small) = (t.word(65_536), t.word(10));
        sender.send(&large)?;
        sender.send(&small)?;
        sender.expect("OK 1")?;
        sender.expect("OK 2")?;
        differs("the log", format!("{large}\n{small}\n"), log(&folder)?).teaches(
            "What does not fit the buffer is gone, and nothing says so: receive into one that \
             holds the largest datagram, 65536 bytes.",
        )
    })
}

/// Two senders are gone when their answers come: one has left its name behind, one has not.
#[test]
fn a_sender_that_is_gone_ends_nothing() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder)?;
        let stays = server.sender_at(&folder.socket("stays"))?;
        stays.send(t.word(8))?;
        stays.expect("OK 1")?;

        server.freeze()?;
        for name in ["closed", "removed"] {
            server.sender_at(&folder.socket(name))?.send(t.word(8))?;
        }
        fs::remove_file(folder.path().join("removed"))
            .map_err(|error| Failure::grader("remove a socket", error))?;
        server.thaw()?;

        let lesson = "Whoever sent may be gone when you answer: that error is about the answer, \
                      not about your socket. Log it and go on.";
        stays
            .send(t.word(8))
            .and_then(|()| stays.expect("OK 4"))
            .when(Saw::Crash, lesson)
            .teaches(lesson)
    })
}

/// A sender sends more than its queue has room for answers, and receives none; another waits for its own.
#[test]
fn a_sender_that_never_receives_delays_nobody() -> Graded {
    check(|t| {
        let count = queue_length()? + 20;
        let folder = t.folder()?;
        let server = serve(t, &folder)?;
        let deaf = server.sender_at(&folder.socket("deaf"))?;
        let lesson = "The queue of a sender that does not receive is full at some time, and an \
                      answer to it waits, and everybody with it: send with MSG_DONTWAIT, and drop \
                      what has no room.";
        for _ in 0..count {
            deaf.send(t.word(4)).teaches(lesson)?;
        }
        let other = server.sender_at(&folder.socket("other"))?;
        other
            .send(t.word(4))
            .and_then(|()| other.expect(format!("OK {}", count + 1)))
            .teaches(lesson)?;
        deaf.expect("OK 1")
    })
}

/// How many datagrams wait at a socket before its senders do, unix(7).
fn queue_length() -> Outcome<usize> {
    let text = fs::read_to_string("/proc/sys/net/unix/max_dgram_qlen").unwrap_or_default();
    match text.trim().parse() {
        // With longer queues it is the program's own send buffer that is full first.
        Ok(length @ ..=200) => Ok(length),
        _ => Err(Failure::lack(
            "this machine's queues of Unix datagrams are too long to be filled",
        )),
    }
}
