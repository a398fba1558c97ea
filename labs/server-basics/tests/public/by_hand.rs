//! Stage `by-hand`: an echo, whoever made the sockets.

use testbench::prelude::*;

/// Bytes of every value come back as they are sent.
#[test]
fn returns_what_it_got() -> Graded {
    check(|t| {
        let server = t.serve("by-hand", &[])?;
        let mut client = server.connect().when(
            Saw::Refused,
            "READY was said, and nobody listens there: bind gives a socket its address, and only \
             listen opens the queue that clients come into. Did you call it?",
        )?;
        let mut every_byte: Vec<u8> = (0..=255).collect();
        every_byte.extend(t.bytes(2000));
        for payload in [t.word(10).into_bytes(), every_byte] {
            client.send(&payload)?;
            let empty = "You ended a conversation that had just begun. If recv returned 0 though \
                         bytes had come, its slice was empty: a Vec's capacity is not its length.";
            let returned = client.expect(&payload);
            let returned = returned.when(Saw::End, empty).when(Saw::Reset, empty);
            returned.teaches(
                "recv tells how many bytes it put into your buffer: send exactly those, and look \
                 at what send returns, for it may have taken fewer.",
            )?;
        }
        Ok(())
    })
}

/// The client says all it has to say and half-closes; everything comes back, and the end.
#[test]
fn half_close_is_answered() -> Graded {
    check(|t| {
        let server = t.serve("by-hand", &[])?;
        let mut client = server.connect()?;
        let payload = t.bytes(5000);
        client.send(&payload)?;
        client.half_close()?;
        client.expect(&payload).teaches(
            "The client stopped talking but still listens: finish your answer before closing.",
        )?;
        client
            .expect_end()
            .when(
                Saw::Spinning,
                "recv returned 0: the peer is done sending; stop receiving or you will spin.",
            )
            .teaches("recv returned 0: shut the connection down and close it, so that the client sees its end.")
    })
}
