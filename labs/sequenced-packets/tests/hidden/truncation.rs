//! Stage `truncation`: true lengths, what comes behind them, and the end.

use testbench::prelude::*;

/// A server in `folder` whose messages may have 3 bytes.
fn serve(t: &Bench, folder: &Folder) -> Outcome<UnixServer> {
    t.need_packets()?;
    t.serve_unix(
        "truncation",
        &folder.socket("packets.sock"),
        &["--max", "3"],
    )
}

/// A client that has had a reply.
fn client_of(server: &UnixServer) -> Outcome<PacketPeer> {
    let mut client = server.connect_packets()?;
    client.send("abc")?;
    client.expect("OK abc")?;
    Ok(client)
}

/// Lengths from just too long to the longest that a message can have here.
#[test]
fn the_length_told_is_true() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder)?;
        let mut client = client_of(&server)?;
        let random = 100 + t.below(60_000);
        for length in [4, 5, 100, 4097, random, 65_537, client.longest()?] {
            client.send(vec![b'x'; length])?;
            client.expect(format!("TOOBIG {length}")).teaches(
                "Without MSG_TRUNC recv returns how many bytes it put into the buffer, however \
                 large the buffer is; with it, how many there were.",
            )?;
        }
        Ok(())
    })
}

/// Long messages and short ones wait side by side.
#[test]
fn nothing_is_left_of_it() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder)?;
        let mut client = client_of(&server)?;
        server.freeze()?;
        let lengths = [10, 2, 4, 4, 3, 50_000, 1];
        let messages = lengths.map(|length| t.word(length));
        for message in &messages {
            client.send(message)?;
        }
        server.thaw()?;
        for message in &messages {
            let reply = match message.len() {
                1..=3 => format!("OK {message}"),
                length => format!("TOOBIG {length}"),
            };
            client.expect(reply).teaches(
                "A receive takes the whole message out of the queue, the part that did not fit, \
                 too: there is no rest to read, and what the next receive gives is the next \
                 message.",
            )?;
        }
        Ok(())
    })
}

/// The client half-closes; another closes altogether, and a third is served.
#[test]
fn the_end_is_no_message() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder)?;
        let mut client = client_of(&server)?;
        client.half_close()?;
        client.expect_end().teaches(
            "When the client has finished, recvmsg returns 0 for ever, and no message came with \
             it: that gets no reply, but the end of the conversation.",
        )?;
        client_of(&server)?.close();
        client_of(&server).map(drop)
    })
}

/// Empty messages wait, and the client's end behind them.
#[test]
fn empty_messages_before_the_end_are_answered() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder)?;
        for before in [&["", "", "abc"][..], &["", ""], &["x", ""]] {
            let mut client = client_of(&server)?;
            server.freeze()?;
            for message in before {
                client.send(message)?;
            }
            client.half_close()?;
            server.thaw()?;
            let lesson = "That the client will send no more (POLLRDHUP), or that 0 comes twice, does \
                          not say that this 0 is the end: empty messages can still wait before it. \
                          Only a message has a sender; SO_PASSCRED makes recvmsg tell it.";
            for message in before {
                let reply = match *message {
                    "" => "EMPTY".to_owned(),
                    text => format!("OK {text}"),
                };
                client.expect(reply).teaches(lesson)?;
            }
            client.expect_end().teaches(lesson)?;
        }
        Ok(())
    })
}
