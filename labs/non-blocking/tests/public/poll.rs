//! Stage `poll`: one thread, and nobody waits for anybody.

use testbench::prelude::*;

/// Text, then bytes of every value, each after the one before has come back.
#[test]
fn returns_what_it_got() -> Graded {
    check(|t| {
        let server = t.serve("poll", &[])?;
        let mut client = server.connect()?;
        let mut every_byte: Vec<u8> = (0..=255).collect();
        every_byte.extend(t.bytes(2000));
        for payload in [t.word(10).into_bytes(), every_byte, t.word(20).into_bytes()] {
            client.send(&payload)?;
            client
                .expect(&payload)
                .when(
                    Saw::End,
                    "You ended a conversation that went on: WouldBlock says only that there is no more \
                     yet, and 0 comes from read when the client has finished, or when there is no room \
                     in your buffer.",
                )
                .when(
                    Saw::Silence,
                    "The client waits for its bytes: send back what has come at once, there may be no \
                     more.",
                )
                .teaches("Send back exactly what came: &buffer[..n], whatever the bytes.")?;
        }
        Ok(())
    })
}

/// Twenty clients are connected, five of them say nothing; each of the others asks twice, the newest
/// first.
#[test]
fn clients_do_not_wait_for_each_other() -> Graded {
    check(|t| {
        let server = t.serve("poll", &[])?;
        let mut clients = server.connect_many(20)?;
        for _ in 0..2 {
            for client in clients[5..].iter_mut().rev() {
                let word = t.word(10);
                client.send(&word)?;
                client.expect(&word).teaches(
                    "One quiet client stopped everyone. Only poll may wait, because it waits for all \
                     of them: make the listener and each client non-blocking, and do what poll says.",
                )?;
            }
        }
        Ok(())
    })
}

/// Fifty clients have been answered and are still there.
#[test]
fn one_thread_serves_all() -> Graded {
    check(|t| {
        let server = t.serve("poll", &[])?;
        let mut clients = server.connect_many(50)?;
        for client in clients.iter_mut().rev() {
            let word = t.word(10);
            client.send(&word)?;
            client.expect(&word)?;
        }
        let threads = server.facts().threads()?;
        wrong(threads == 1, Saw::Excess, || {
            format!("with 50 clients the program had {threads} threads")
        })
        .teaches("This lab is one thread for all; the loop is the lesson.")
    })
}
