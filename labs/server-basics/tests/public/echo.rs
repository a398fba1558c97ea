//! Stage `echo`: what comes goes back.

use testbench::prelude::*;

/// Text, then bytes of every value, then text with blanks around it.
#[test]
fn returns_what_it_got() -> Graded {
    check(|t| {
        let server = t.serve("echo", &[])?;
        let mut client = server.connect()?;

        let word = t.word(12);
        client.send(&word)?;
        client
            .expect(&word)
            .when(
                Saw::Silence,
                "Send back what read gave you at once: there may be no more, and neither a line \
                 end nor the end of the stream need come.",
            )
            .teaches(
                "You ended a conversation that had just begun. If read returned 0 though bytes \
                 had come, its slice was empty: a Vec's capacity is not its length.",
            )?;

        let mut every_byte: Vec<u8> = (0..=255).collect();
        every_byte.extend(t.bytes(256));
        client.send(&every_byte)?;
        client.expect(&every_byte).teaches(
            "If more came than was sent, it is the rest of your buffer: send back exactly \
             &buffer[..n]. Sockets carry bytes, not text: decode nothing that the protocol does \
             not call text.",
        )?;

        let blanks = format!("  {}\r\n \n", t.word(5));
        client.send(&blanks)?;
        client.expect(&blanks).teaches(
            "An echo returns what it got, blanks and line ends too: trimming is for a protocol \
             that says so.",
        )
    })
}

/// The client half-closes, first without a word, then after an exchange.
#[test]
fn closes_when_the_client_has_finished() -> Graded {
    check(|t| {
        let server = t.serve("echo", &[])?;
        for word in ["", "done"] {
            let mut client = server.connect()?;
            client.send(word)?;
            client.expect(word)?;
            client.half_close()?;
            client
                .expect_end()
                .when(
                    Saw::Spinning,
                    "read returned 0: the peer is done sending; stop reading or you will spin.",
                )
                .teaches(
                    "After echoing everything, close, so the client learns you are finished.",
                )?;
        }
        Ok(())
    })
}

/// Three clients, each after the one before has gone.
#[test]
fn serves_the_next_client() -> Graded {
    check(|t| {
        let server = t.serve("echo", &[])?;
        for visit in 1..=3 {
            let word = t.word(20);
            let talked = server.connect().and_then(|mut client| {
                client.send(&word)?;
                client.expect(&word)?;
                client.close();
                Ok(())
            });
            if visit == 1 {
                talked?;
            } else {
                talked.teaches(
                    "accept returns one connection: when it is done, go back for the next.",
                )?;
            }
        }
        Ok(())
    })
}
