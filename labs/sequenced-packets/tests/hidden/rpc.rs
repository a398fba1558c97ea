//! Stage `rpc`: bytes of any value, long messages, many at once, and clients that leave.

use testbench::prelude::*;

const LONGEST_MESSAGE: usize = 65_536;

/// A server in `folder`.
fn serve(t: &Bench, folder: &Folder) -> Outcome<UnixServer> {
    t.need_packets()?;
    t.serve_unix("rpc", &folder.socket("rpc.sock"), &[])
}

/// A value there and back.
fn exchange(t: &Bench, client: &mut PacketPeer) -> Outcome {
    let word = t.word(12);
    client.send(format!("PUT exchange {word}"))?;
    client.expect(format!("OK {word}"))
}

/// Values that hold line ends, zero bytes, blanks, and bytes that are no text.
#[test]
fn line_ends_are_bytes() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder)?;
        let mut client = server.connect_packets()?;
        exchange(t, &mut client)?;
        let mut values = [&b"two\nlines"[..], b"\n", b" blanks \r\n", b"\0", b""]
            .map(<[u8]>::to_vec)
            .to_vec();
        values.push([b"\xff\xfe", &t.bytes(100)[..]].concat());
        values.push(b"1\nINCR k\nGET k\n".to_vec());
        for value in values {
            let lesson = "The message's end is the kernel's affair, so no byte of it means an end: \
                          a value is the rest of the message, line ends and all.";
            for request in [[b"PUT k ", &value[..]].concat(), b"GET k".to_vec()] {
                client.send(request)?;
                client
                    .expect([b"OK ", &value[..]].concat())
                    .teaches(lesson)?;
            }
        }
        Ok(())
    })
}

/// Requests that are as long as they may be, or nearly.
#[test]
fn a_long_message_passes_whole() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder)?;
        let mut client = server.connect_packets()?;
        exchange(t, &mut client)?;
        for length in [4097, 16_385, LONGEST_MESSAGE - 1, LONGEST_MESSAGE] {
            let value = [&t.bytes(length - "PUT k .".len())[..], b"."].concat();
            client.send([b"PUT k ", &value[..]].concat())?;
            client.expect([b"OK ", &value[..]].concat()).teaches(
                "What does not fit your buffer is cut off and lost, and nothing tells: give recv \
                 room for the longest request, 65536 bytes.",
            )?;
        }
        Ok(())
    })
}

/// The client is always 250 requests ahead of the replies; the first 250 are there at once.
#[test]
fn a_thousand_requests_are_answered_in_order() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder)?;
        let mut client = server.connect_packets()?;
        client.send("PUT n 0")?;
        client.expect("OK 0")?;
        let ahead = 250.min(t.packets_that_fit(8)?);
        server.freeze()?;
        for _ in 0..ahead {
            client.send("INCR n")?;
        }
        server.thaw()?;
        for number in 1..=1000 {
            client.expect(format!("OK {number}")).teaches(
                "However many requests wait, each is a message and gets a message: answer them one \
                 by one, in the order in which they came.",
            )?;
            if number + ahead <= 1000 {
                client.send("INCR n")?;
            }
        }
        Ok(())
    })
}

/// The client asks for more than there is room for, and only then begins to receive.
#[test]
fn a_slow_client_loses_no_reply() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder)?;
        let mut client = server.connect_packets()?;
        let value = t.word(4000);
        client.send(format!("PUT k {value}"))?;
        client.expect(format!("OK {value}"))?;
        let count = 250.min(t.packets_that_fit(5)?);
        if t.packets_that_fit(value.len() + 3)? >= count {
            return Err(Failure::lack(
                "this machine's send buffers are too large to be filled",
            ));
        }
        server.freeze()?;
        for _ in 0..count {
            client.send("GET k")?;
        }
        server.thaw()?;
        server.settle();
        for _ in 0..count {
            client.expect(format!("OK {value}")).teaches(
                "A client that receives late is owed its replies all the same: let send wait for \
                 room, and take the next request when the reply is in the queue.",
            )?;
        }
        exchange(t, &mut client)
    })
}

/// Requests and the client's end wait together.
#[test]
fn the_end_comes_behind_the_replies() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder)?;
        let mut client = server.connect_packets()?;
        server.freeze()?;
        let word = t.word(10);
        client.send(format!("PUT k {word}"))?;
        client.send("GET k")?;
        client.half_close()?;
        server.thaw()?;
        let lesson = "The client has finished asking and still listens: receive what waits, answer \
                      it, and when recv returns 0 say no more and return.";
        for _ in 0..2 {
            client.expect(format!("OK {word}")).teaches(lesson)?;
        }
        client.expect_end().teaches(lesson)
    })
}

/// One client is silent; another asks for much and closes without receiving any of it; a third is served.
#[test]
fn no_client_delays_or_ends_another() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder)?;
        let mut silent = server.connect_packets()?;
        exchange(t, &mut silent)?;
        let lesson = "Whatever one client does, or does not do, is between it and its own \
                      conversation: share nothing, wait for nobody else, and let an error end \
                      that conversation only.";
        let served = || -> Outcome {
            let mut third = server.connect_packets()?;
            exchange(t, &mut third)
        };
        served().when(Saw::Crash, lesson).teaches(lesson)?;

        let leaves = server.connect_packets()?;
        server.freeze()?;
        for _ in 0..5 {
            leaves.send("GET k")?;
        }
        leaves.close();
        server.thaw()?;
        server.settle();
        served().when(Saw::Crash, lesson).teaches(lesson)?;
        exchange(t, &mut silent)
            .when(Saw::Crash, lesson)
            .teaches(lesson)
    })
}
