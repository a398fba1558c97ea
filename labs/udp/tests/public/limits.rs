//! Stage `limits`: what fits, and what does not.

use testbench::prelude::*;

/// Requests of 20, 511 and 512 bytes.
#[test]
fn takes_512_bytes() -> Graded {
    check(|t| {
        let server = t.serve("limits", &[])?;
        let mut client = server.datagram_client()?;
        for length in [20, 511, 512] {
            let beginning = format!("p{length} PUT k ");
            let value = t.word(length - beginning.len());
            client.send(format!("{beginning}{value}"))?;
            client
                .expect(format!("p{length} OK {value}"))
                .teaches("512 bytes are not too many: take them, and answer as `answer` does.")?;
            client.send(format!("g{length} GET k"))?;
            client.expect(format!("g{length} OK {value}"))?;
        }
        Ok(())
    })
}

/// Requests of 513 and 700 bytes, between two that fit.
#[test]
fn refuses_513_bytes() -> Graded {
    check(|t| {
        let server = t.serve("limits", &[])?;
        let mut client = server.datagram_client()?;
        client.send("1 PUT k v")?;
        client.expect("1 OK v")?;
        client.send(format!("2 PUT k {}", t.word(513 - "2 PUT k ".len())))?;
        client.expect("TOOBIG 513").teaches(
            "The rest of that datagram is gone. Have room for the longest there is, for you must \
             tell its length; and reject what is too big.",
        )?;
        client.send(format!("4 PUT k {}", t.word(700 - "4 PUT k ".len())))?;
        client.expect("TOOBIG 700").teaches(
            "TOOBIG tells how long the datagram was. One byte of room more than 512 shows that \
             it was too long, and no more than that.",
        )?;
        client.send("3 GET k")?;
        client.receive(&server)?;
        Ok(())
    })
}
