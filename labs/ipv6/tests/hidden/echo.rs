//! Stage `echo`: who must not get in, what stands in the log, and clients that break off.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use testbench::prelude::*;

/// Sends a word and gets it back.
fn exchange(t: &Bench, server: &Server) -> Outcome<Peer> {
    let word = t.word(10);
    let mut client = server.connect()?;
    client.send(&word)?;
    client.expect(&word)?;
    Ok(client)
}

fn home(t: &Bench) -> Outcome<SocketAddr> {
    Ok(SocketAddr::new(t.loopback6()?, 0))
}

/// A client tries the same port of the IPv4 loopback address. It is alone: nobody else may have that.
#[test]
fn ipv4_is_refused() -> Graded {
    check_alone(|t| {
        let server = t.serve_on(home(t)?, "echo", &[])?;
        exchange(t, &server)?;
        let ipv4 = SocketAddr::from((Ipv4Addr::LOCALHOST, server.addr().port()));
        server.expect_refused_at(ipv4).teaches(
            "127.0.0.1 is another address of another family: who listens at ::1 is not there, and \
             should not be.",
        )?;
        exchange(t, &server).map(drop)
    })
}

/// Two clients; each is found in the log, under the name by which it can be told from a port.
#[test]
fn the_log_puts_addresses_in_brackets() -> Graded {
    check(|t| {
        let server = t.serve_on(home(t)?, "echo", &[])?;
        for _ in 0..2 {
            // What came back proves that it has been logged, which happens before.
            let client = exchange(t, &server)?;
            server.expect_logged(&format!("client {}", client.addr()?)).teaches(
                "Without brackets nobody can see where an IPv6 address ends and the port begins: \
                 [::1]:80, which is how a SocketAddr prints itself.",
            )?;
        }
        Ok(())
    })
}

/// One client resets in mid-stream; the next one is served.
#[test]
fn a_reset_ends_one_connection_only() -> Graded {
    check(|t| {
        let server = t.serve_on(home(t)?, "echo", &[])?;
        let mut client = exchange(t, &server)?;
        client.send(t.bytes(1000))?;
        client.hears_within(PATIENCE)?;
        client.reset()?;
        exchange(t, &server).map(drop).teaches(
            "A reset is the end of one conversation: tell it on stderr, and accept the next client.",
        )
    })
}

/// Somebody has the port already.
#[test]
fn a_busy_port_is_an_error() -> Graded {
    check(|t| {
        let home = home(t)?;
        exchange(t, &t.serve_on(home, "echo", &[])?)?;
        let taken = TcpListener::bind(home).and_then(|holder| Ok((holder.local_addr()?, holder)));
        let (addr, _holder) = taken.map_err(|error| Failure::grader("hold a port", error))?;
        t.start_on(addr, "echo", &[])?
            .expect_cannot_serve()
            .teaches("The port was taken: whoever gave it to you will look for you there, so say so and leave.")
    })
}
