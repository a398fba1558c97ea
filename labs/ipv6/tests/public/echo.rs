//! Stage `echo`: at the loopback address of IPv6.

use std::net::SocketAddr;

use testbench::prelude::*;

/// Bytes of every value, from two clients.
#[test]
fn returns_what_it_got() -> Graded {
    check(|t| {
        let home = SocketAddr::new(t.loopback6()?, 0);
        let server = t.serve_on(home, "echo", &[])?;
        for _ in 0..2 {
            let payload = t.bytes(500);
            let mut client = server.connect()?;
            client.send(&payload)?;
            client.half_close()?;
            client
                .expect(&payload)
                .teaches("An echo returns each byte as it came, whatever the family below it.")?;
            client
                .expect_end()
                .teaches("The client has finished, and everything is back: close.")?;
        }
        Ok(())
    })
}

/// READY names the address that was asked for, and the program listens at that alone.
#[test]
fn listens_at_the_address_it_was_given() -> Graded {
    check(|t| {
        let home = SocketAddr::new(t.loopback6()?, 0);
        let server = t.serve_on(home, "echo", &[])?;
        let word = t.word(10);
        let mut client = server.connect()?;
        client.send(&word)?;
        client.expect(&word)?;
        let listening = server.facts().listening()?;
        let addr = SocketAddr::new(home.ip(), server.addr().port());
        wrong(listening == [addr], Saw::Wrong, || {
            format!("with --bind {home} the program listens at {listening:?}")
        })
        .teaches("::1 is one address, and :: is all that the machine has: bind the one in --bind, as it is.")
    })
}
