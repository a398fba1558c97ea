//! Stage `echo`: little, much, half-closed, reset, gone.

use testbench::prelude::*;

/// The client sends a byte only when the one before has come back.
#[test]
fn answers_byte_by_byte() -> Graded {
    check(|t| {
        let server = t.serve("echo", &[])?;
        let mut client = server.connect()?;
        for byte in t.bytes(20) {
            client.send([byte])?;
            client.expect([byte]).teaches(
                "The client is waiting for its byte before it sends another: answer each read, \
                 do not collect.",
            )?;
            client.pause();
        }
        Ok(())
    })
}

/// A mebibyte of random bytes, written by one thread and read by another.
#[test]
fn a_megabyte_comes_back_whole() -> Graded {
    check(|t| {
        let server = t.serve("echo", &[])?;
        let mut client = server.connect()?;
        let payload = t.bytes(1 << 20);
        let sending = client.send_in_background(payload.clone())?;
        client.expect(&payload).teaches(
            "A stream has no size: keep one small buffer and go round the loop until read \
             returns 0, however much has passed.",
        )?;
        sending.finish()
    })
}

/// The client says all it has to say, half-closes, and only then listens.
#[test]
fn half_close_is_answered() -> Graded {
    check(|t| {
        let server = t.serve("echo", &[])?;
        let mut client = server.connect()?;
        let payload = t.bytes(3000 + t.below(2000));
        client.send(&payload)?;
        client.half_close()?;
        client.expect(&payload).teaches(
            "The client stopped talking but still listens: finish your answer before closing.",
        )
    })
}

/// A client resets in mid-stream; the next one comes.
#[test]
fn a_reset_ends_one_connection_only() -> Graded {
    check(|t| {
        let server = t.serve("echo", &[])?;
        let mut client = server.connect()?;
        client.send(t.bytes(1000))?;
        client.hears_within(PATIENCE)?;
        client.reset()?;

        let word = t.word(10);
        let next = server.connect().and_then(|mut client| {
            client.send(&word)?;
            client.expect(&word)
        });
        next.teaches(
            "An error on one connection belongs to that connection; log it and accept the next.",
        )
    })
}

/// Two clients connect and reset while the program is stopped: accept will hand it dead connections.
#[test]
fn a_client_gone_before_accept_ends_nothing() -> Graded {
    check(|t| {
        let server = t.serve("echo", &[])?;
        let word = t.word(10);
        let mut early = server.connect()?;
        early.send(&word)?;
        early.expect(&word)?;
        early.close();

        server.freeze()?;
        for gone in server.connect_many(2)? {
            gone.reset()?;
        }
        server.thaw()?;

        let next = server.connect().and_then(|mut client| {
            client.send(&word)?;
            client.expect(&word)
        });
        next.when(
            Saw::Crash,
            "The peer can be gone before you look; accept already gave you its address.",
        )
        .teaches(
            "A connection can be dead before you accept it: that is its error, not the server's.",
        )
    })
}
