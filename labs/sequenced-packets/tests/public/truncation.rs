//! Stage `truncation`: what fits, what does not, and what is empty.

use testbench::prelude::*;

/// A server in `folder` with these flags.
fn serve(t: &Bench, folder: &Folder, flags: &[&str]) -> Outcome<UnixServer> {
    t.need_packets()?;
    t.serve_unix("truncation", &folder.socket("packets.sock"), flags)
}

/// Messages up to the maximum: the usual one, then 3 bytes.
#[test]
fn what_fits_comes_back() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        for (flags, lengths) in [(&[][..], [1, 511, 512]), (&["--max", "3"][..], [1, 2, 3])] {
            let server = serve(t, &folder, flags)?;
            let mut client = server.connect_packets()?;
            for length in lengths {
                let message = t.bytes(length);
                client.send(&message)?;
                client.expect([b"OK ", &message[..]].concat()).teaches(
                    "As many bytes as --max says are not too many: send them back behind OK.",
                )?;
            }
            server.terminate()?;
            server.expect_exit(0)?;
        }
        Ok(())
    })
}

/// Messages of 4 and 10 bytes, where 3 are the maximum.
#[test]
fn what_is_too_long_is_told() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder, &["--max", "3"])?;
        let mut client = server.connect_packets()?;
        client.send("abc")?;
        client.expect("OK abc")?;
        for length in [4, 10] {
            client.send(t.word(length))?;
            client
                .expect(format!("TOOBIG {length}"))
                .when(
                    Saw::Crash,
                    "With MSG_TRUNC the length that recv returns is the message's: it may exceed \
                     your buffer, and a slice of the buffer must not.",
                )
                .teaches(
                    "recv fills your buffer and drops the rest of the message without a word. Ask \
                     for the true length, with MSG_TRUNC, and compare it with --max.",
                )?;
        }
        Ok(())
    })
}

/// An empty message between two others.
#[test]
fn an_empty_message_is_answered() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder, &[])?;
        let mut client = server.connect_packets()?;
        let lesson = "0 bytes can be a message: answer EMPTY to it and go on. What else can 0 be, \
                      and what does the kernel know of the one and not of the other?";
        for (message, reply) in [("one", "OK one"), ("", "EMPTY"), ("two", "OK two")] {
            client
                .send(message)
                .and_then(|()| client.expect(reply))
                .teaches(lesson)?;
        }
        Ok(())
    })
}
