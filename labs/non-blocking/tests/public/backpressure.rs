//! Stage `backpressure`: an echo that waits for its reader.

use testbench::prelude::*;

/// Bytes of every value come back; the client half-closes, and sees the end.
#[test]
fn returns_what_it_got() -> Graded {
    check(|t| {
        let server = t.serve("backpressure", &[])?;
        let mut client = server.connect()?;
        let mut every_byte: Vec<u8> = (0..=255).collect();
        every_byte.extend(t.bytes(2000));
        for payload in [t.word(10).into_bytes(), every_byte] {
            client.send(&payload)?;
            client.expect(&payload).teaches(
                "Send back exactly what came, at once: &buffer[..n], whatever the bytes.",
            )?;
        }
        client.half_close()?;
        client
            .expect_end()
            .teaches("The client has finished and has got everything: close, so that it learns that you have, too.")
    })
}

/// The client sends as much as goes before it reads the first byte; then it reads, and sends the rest.
#[test]
fn a_reader_who_rests_gets_every_byte() -> Graded {
    check(|t| {
        let server = t.serve("backpressure", &[])?;
        let mut client = server.connect_as(&Wish::receive_buffer(8 * 1024))?;
        let payload = t.bytes(8 << 20);
        let went = client.pour(&payload).when(
            Saw::Reset,
            "The client did not read for a moment, and you gave it up. WouldBlock is no failure, and \
             write_all cannot tell you how far it got: keep your own offset.",
        )?;
        let sending = client.send_in_background(&payload[went..])?;
        for piece in payload.chunks(1 << 16) {
            client
                .expect(piece)
                .when(
                    Saw::Silence,
                    "The client reads again: when there is room, send, and then read on from where you \
                     stopped; forget exactly those that write took.",
                )
                .teaches("Every byte once, and in order: forget exactly those that write took.")?;
        }
        sending.finish()
    })
}
