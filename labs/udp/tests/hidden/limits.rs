//! Stage `limits`: how long it was, and what became of it.

use testbench::prelude::*;

/// Lengths from just too long to the longest there is.
#[test]
fn the_size_told_is_true() -> Graded {
    check(|t| {
        let server = t.serve("limits", &[])?;
        let mut client = server.datagram_client()?;
        client.send("1 PUT k v")?;
        client.expect("1 OK v")?;
        let random = 2000 + t.below(60_000);
        for length in [513, 514, 600, 1024, 1500, 4097, 9000, random, 65_507] {
            let beginning = format!("x{length} PUT k ");
            let value = t.word(length - beginning.len());
            client.send(format!("{beginning}{value}"))?;
            client.expect(format!("TOOBIG {length}")).teaches(
                "A receive tells how many bytes it put into your buffer, not how many there \
                 were: have room for 65507, or ask the kernel for the true length (MSG_TRUNC).",
            )?;
        }
        Ok(())
    })
}

/// A value is there; a long datagram would replace it, if it were executed in whole or in part.
#[test]
fn nothing_of_it_is_stored() -> Graded {
    check(|t| {
        let server = t.serve("limits", &[])?;
        let mut client = server.datagram_client()?;
        let word = t.word(8);
        client.send(format!("1 PUT k {word}"))?;
        client.expect(format!("1 OK {word}"))?;
        let lesson = "Look at the length before you do anything else: a request that is refused \
                      has not happened, not even its beginning.";
        for (number, length) in [513, 600, 5000].into_iter().enumerate() {
            client.send(format!("p{number} PUT k {}", t.word(length)))?;
            client.receive(&server)?;
            client.send(format!("g{number} GET k"))?;
            client
                .expect(format!("g{number} OK {word}"))
                .teaches(lesson)?;
        }
        Ok(())
    })
}

/// Six hundred bytes that are no request; then twenty that are none either.
#[test]
fn what_is_no_request_can_be_too_big() -> Graded {
    check(|t| {
        let server = t.serve("limits", &[])?;
        let mut client = server.datagram_client()?;
        let lesson = "Whether a long datagram is a request nobody knows who has not read it: tell \
                      its length whatever stands in it. A short one that is none is dropped.";
        let blank = [b' '; 700];
        for junk in [t.bytes(600), blank.to_vec(), t.word(513).into_bytes()] {
            client.send(&junk)?;
            client
                .expect(format!("TOOBIG {}", junk.len()))
                .teaches(lesson)?;
        }
        for junk in ["", "hello", "a1 POP k", "TOOBIG 513"] {
            client.send(junk)?;
        }
        client.send("1 PUT k v")?;
        client.expect("1 OK v").teaches(lesson)
    })
}
