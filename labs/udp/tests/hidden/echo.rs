//! Stage `echo`: large datagrams, and the address itself.

use std::net::SocketAddr;

use testbench::prelude::*;

/// As large as an Ethernet frame carries, larger, and as large as it can be.
#[test]
fn the_largest_datagram_comes_back() -> Graded {
    check(|t| {
        let server = t.serve("echo", &[])?;
        let mut client = server.datagram_client()?;
        let random = 10_000 + t.below(50_000);
        for length in [1472, 1473, 4096, 8192, 9001, random, 65_507] {
            let payload = t.bytes(length);
            client.send(&payload)?;
            client.expect(&payload).teaches(
                "What does not fit into the buffer of a receive is gone, without an error: have \
                 room for 65507 bytes.",
            )?;
        }
        Ok(())
    })
}

/// A datagram goes next door, then one to the right address: only that one is answered.
#[test]
fn listens_where_it_was_told() -> Graded {
    check(|t| {
        let server = t.serve("echo", &[])?;
        let lesson = "Bind the address you were given, as it is. Bound to every address you hear \
                      what was not sent to you, and answer from an address that nobody asked.";
        let mut client = server.datagram_client()?;
        let next_door = SocketAddr::new(t.other_ip()?, server.addr().port());
        client.send_to(next_door, t.word(8))?;
        let word = t.word(12);
        client.send(&word)?;
        client.expect(&word).teaches(lesson)?;
        let (told, found) = (t.ip(), server.addr().ip());
        wrong(found == told, Saw::Wrong, || {
            format!("--bind said {told}, READY says {found}")
        })
        .teaches(lesson)
    })
}

/// A second server is told the address of the first.
#[test]
fn a_busy_port_is_an_error() -> Graded {
    check(|t| {
        let server = t.serve("echo", &[])?;
        let mut client = server.datagram_client()?;
        let word = t.word(8);
        client.send(&word)?;
        client.expect(&word)?;
        t.start_on(server.addr(), "echo", &[])?
            .expect_cannot_serve()
            .teaches(
                "The port was taken: pass that error on. (SO_REUSEADDR would let two servers \
                 have a UDP port, and one of them would hear nothing; it is for TCP.)",
            )?;
        client.send(&word)?;
        client.expect(&word).teaches("The first server goes on.")
    })
}
