//! Stage `rpc`: a message is a request, a message is its reply.

use testbench::prelude::*;

/// A server in `folder`.
fn serve(t: &Bench, folder: &Folder) -> Outcome<UnixServer> {
    t.need_packets()?;
    t.serve_unix("rpc", &folder.socket("rpc.sock"), &[])
}

/// Four requests, each after the reply to the one before.
#[test]
fn a_message_is_a_request() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder)?;
        let mut client = server.connect_packets().when(
            Saw::Reset,
            "The socket at the path must be for sequenced packets: SOCK_SEQPACKET.",
        )?;
        let number = t.number(1..=1_000_000);
        let exchanges = [
            (format!("PUT hits {number}"), format!("OK {number}")),
            ("INCR hits".to_owned(), format!("OK {}", number + 1)),
            ("GET hits".to_owned(), format!("OK {}", number + 1)),
            ("GET misses".to_owned(), "ERR no such key".to_owned()),
        ];
        for (request, reply) in exchanges {
            client.send(request)?;
            client
                .expect(reply)
                .when(
                    Saw::Silence,
                    "A request is complete when recv returns: there is nothing to wait for, and \
                     nothing more of it to receive.",
                )
                .teaches(
                    "One receive is one request and one send is one reply, whole: what is sent in \
                     two pieces arrives as two messages.",
                )?;
        }
        Ok(())
    })
}

/// Two connections at once use the same key; a third comes when they are gone.
#[test]
fn values_live_in_their_connection() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder)?;
        let lesson = "The values belong to one conversation: make the Store when it begins, and \
                      let it go at its end.";
        let (mut one, mut two) = (server.connect_packets()?, server.connect_packets()?);
        let (first, second) = (t.word(8), t.word(9));
        one.send(format!("PUT k {first}"))?;
        one.expect(format!("OK {first}"))?;
        two.send("GET k")?;
        two.expect("ERR no such key").teaches(lesson)?;
        two.send(format!("PUT k {second}"))?;
        two.expect(format!("OK {second}"))?;
        one.send("GET k")?;
        one.expect(format!("OK {first}")).teaches(lesson)?;
        one.close();
        two.close();
        let mut three = server.connect_packets()?;
        three.send("GET k")?;
        three.expect("ERR no such key").teaches(lesson)
    })
}

/// Four messages that are no requests.
#[test]
fn an_error_ends_nothing() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve(t, &folder)?;
        let mut client = server.connect_packets()?;
        for junk in ["hello", "POP k", "incr k", "\n"] {
            let replied = client
                .send(junk)
                .and_then(|()| client.expect_beginning("ERR "));
            replied.teaches(
                "ERR is a reply like any other: what is no request gets one, and the \
                 conversation goes on.",
            )?;
        }
        Ok(())
    })
}
