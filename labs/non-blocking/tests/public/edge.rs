//! Stage `edge`: what is not done is not reported again.

use testbench::prelude::*;

/// Text, then bytes of every value, each after the one before has come back.
#[test]
fn returns_what_it_got() -> Graded {
    check(|t| {
        let server = t.serve("edge", &[])?;
        let mut client = server.connect()?;
        let mut every_byte: Vec<u8> = (0..=255).collect();
        every_byte.extend(t.bytes(700));
        for payload in [t.word(10).into_bytes(), every_byte, t.word(20).into_bytes()] {
            client.send(&payload)?;
            client
                .expect(&payload)
                .teaches("Send back exactly what came, each time that something comes: &buffer[..n], whatever the bytes.")?;
        }
        Ok(())
    })
}

/// The program is stopped and continued, as by Ctrl-Z and fg, while it waits.
#[test]
fn goes_on_after_a_stop() -> Graded {
    check(|t| {
        let server = t.serve("edge", &[])?;
        let mut client = server.connect()?;
        for stopped in [false, true, true] {
            if stopped {
                server.freeze()?;
                server.thaw()?;
                client.pause();
            }
            let word = t.word(10);
            let answered = client.send(&word).and_then(|()| client.expect(&word));
            if stopped {
                answered.teaches(
                    "Linux ends the wait with Interrupted when a program is stopped and continued \
                     (signal(7)). Nothing is wrong: poll again.",
                )?;
            } else {
                answered?;
            }
        }
        Ok(())
    })
}

/// The program is stopped while forty thousand bytes come, so one event stands for all of them.
#[test]
fn a_long_message_is_drained() -> Graded {
    check(|t| {
        let server = t.serve("edge", &[])?;
        let mut client = server.connect()?;
        let word = t.word(10);
        client.send(&word)?;
        client.expect(&word)?;

        let payload = t.bytes(40_000);
        server.freeze()?;
        client.send(&payload)?;
        server.thaw()?;
        client
            .expect(&payload)
            .teaches("Edge-triggered tells you once: read until WouldBlock.")
    })
}
