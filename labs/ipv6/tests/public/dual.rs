//! Stage `dual`: one client of each family.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use testbench::prelude::*;

/// What a client at `ip` is told, and what it should have been told.
fn told(server: &Server, ip: IpAddr) -> Outcome<(String, Vec<u8>)> {
    let mut client = server.connect_at(SocketAddr::new(ip, server.addr().port()))?;
    let family = if ip.is_ipv4() { "ipv4" } else { "ipv6" };
    let expected = format!("{family} {}\n", client.addr()?);
    Ok((expected, client.read_to_close(1024)?))
}

fn everywhere(t: &Bench) -> Outcome<SocketAddr> {
    t.loopback6()?;
    Ok((Ipv6Addr::UNSPECIFIED, 0).into())
}

/// An IPv6 client connects, and hears its own address, in brackets.
#[test]
fn an_ipv6_client_is_told_its_address() -> Graded {
    check(|t| {
        let server = t.serve_on(everywhere(t)?, "dual", &[])?;
        let (expected, seen) = told(&server, t.loopback6()?)?;
        differs("the line", expected, seen).teaches(
            "accept tells who has connected: the family, a blank, [ADDRESS]:PORT and a line end, then close.",
        )
    })
}

/// An IPv4 client connects to the same port.
#[test]
fn an_ipv4_client_is_told_as_ipv4() -> Graded {
    check(|t| {
        let server = t.serve_on(everywhere(t)?, "dual", &[])?;
        told(&server, t.loopback6()?)?;
        let (expected, seen) = told(&server, Ipv4Addr::LOCALHOST.into())?;
        differs("the line", expected, seen).teaches(
            "A dual-stack socket shows IPv4 peers as mapped addresses, ::ffff:a.b.c.d: to_canonical \
             gives the address that the client knows itself by.",
        )
    })
}
