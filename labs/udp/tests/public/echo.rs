//! Stage `echo`: every datagram goes back to whoever sent it.

use testbench::prelude::*;

/// Text, one byte, bytes of every value, blanks; then two that wait together.
#[test]
fn returns_each_datagram() -> Graded {
    check(|t| {
        let server = t.serve("echo", &[])?;
        let mut client = server.datagram_client()?;
        let every_byte: Vec<u8> = (0..=255).chain(t.bytes(500)).collect();
        let blanks = format!("  {}\r\n \n", t.word(5)).into_bytes();
        for payload in [t.word(12).into_bytes(), t.bytes(1), every_byte, blanks] {
            client.send(&payload)?;
            let came = client.receive(&server).when(
                Saw::Silence,
                "The client waits for its datagram: send back what recv_from gave you at once, \
                 from the socket that received it.",
            )?;
            let asked = server.addr();
            let answers = asked.ip().is_unspecified() || came.from == asked;
            wrong(answers, Saw::Wrong, || {
                format!("{asked} was asked, and {} answered", came.from)
            })
            .teaches("Answer from the socket that received: the client knows no other address.")?;
            let back = differs("the datagram", &payload, &came.bytes);
            if (256..payload.len()).contains(&came.bytes.len()) && payload.starts_with(&came.bytes)
            {
                back.teaches(
                    "Only the beginning came back. When a buffer is smaller than the datagram, \
                     the rest is gone, and no error says so.",
                )?;
            } else {
                back.teaches(
                    "Send back exactly &buffer[..n], bytes and not text: what came is what the \
                     client wants to see.",
                )?;
            }
        }

        server.freeze()?;
        let mut waiting = vec![t.word(5), t.word(30)];
        for word in &waiting {
            client.send(word)?;
        }
        server.thaw()?;
        // In whichever order: UDP promises none.
        while let Some(word) = waiting.pop() {
            let came = client.receive(&server)?.bytes;
            let other = waiting.iter_mut().find(|other| other.as_bytes() == came);
            let expected = other.map_or(word.clone(), |other| std::mem::replace(other, word));
            differs("the datagram", expected, came).teaches(
                "Datagrams keep their boundaries: each receive gives you one of them, and each \
                 wants one answer.",
            )?;
        }
        Ok(())
    })
}

/// Two clients take turns; then each has sent something before either has its answer.
#[test]
fn answers_who_asked() -> Graded {
    check(|t| {
        let server = t.serve("echo", &[])?;
        let (mut ann, mut bob) = (server.datagram_client()?, server.datagram_client()?);
        let lesson = "Answer the address that came with this datagram: there is no connection \
                      that would know it.";
        for _ in 0..2 {
            for client in [&mut ann, &mut bob] {
                let word = t.word(8);
                client.send(&word)?;
                client.expect(&word).teaches(lesson)?;
            }
        }
        server.freeze()?;
        let (from_ann, from_bob) = (t.word(8), t.word(8));
        ann.send(&from_ann)?;
        bob.send(&from_bob)?;
        server.thaw()?;
        ann.expect(&from_ann).teaches(lesson)?;
        bob.expect(&from_bob).teaches(lesson)
    })
}

/// An empty datagram between two others, then three in a row.
#[test]
fn an_empty_datagram_is_a_message() -> Graded {
    check(|t| {
        let server = t.serve("echo", &[])?;
        let mut client = server.datagram_client()?;
        let (before, after) = (t.word(5), t.word(5));
        for word in [&before, "", &after, "", "", "", &before] {
            client.send(word)?;
            client.expect(word).teaches(
                "UDP has no end of stream; an empty datagram is a message, and its receiver gets \
                 a length of 0.",
            )?;
        }
        Ok(())
    })
}
