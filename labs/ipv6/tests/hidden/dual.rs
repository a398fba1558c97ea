//! Stage `dual`: what a client does not see of it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use testbench::prelude::*;

/// A client at `ip` hears its own address and the end; gives its line.
fn visit(server: &Server, ip: IpAddr) -> Outcome<String> {
    let mut client = server.connect_at(SocketAddr::new(ip, server.addr().port()))?;
    let family = if ip.is_ipv4() { "ipv4" } else { "ipv6" };
    let line = format!("{family} {}", client.addr()?);
    client.expect_line(&line)?;
    client.expect_end()?;
    Ok(line)
}

fn everywhere(t: &Bench) -> Outcome<SocketAddr> {
    t.loopback6()?;
    Ok((Ipv6Addr::UNSPECIFIED, 0).into())
}

/// The kernel's table is asked where the program listens.
#[test]
fn one_socket_is_enough() -> Graded {
    check(|t| {
        let server = t.serve_on(everywhere(t)?, "dual", &[])?;
        visit(&server, t.loopback6()?)?;
        visit(&server, t.ip())?;
        let listening = server.facts().listening()?;
        wrong(listening == [server.addr()], Saw::Excess, || {
            format!("the program listens at {listening:?}")
        })
        .teaches("One IPv6 socket at [::] is enough for both families: what you have beside it, stage `pair` is about.")
    })
}

/// The machine's default is changed: a new IPv6 socket is for IPv6 alone.
#[test]
fn whatever_the_systems_default() -> Graded {
    check_alone(|t| {
        let everywhere = everywhere(t)?;
        let _default = t.v6only_by_default()?;
        let server = t.serve_on(everywhere, "dual", &[])?;
        visit(&server, t.loopback6()?)?;
        visit(&server, t.ip()).map(drop).teaches(
            "This system makes IPv6 sockets for IPv6 alone, and yours was left so: set IPV6_V6ONLY to \
             false, before bind, for later it is EINVAL.",
        )
    })
}

/// Four clients, each by its own line.
#[test]
fn the_log_has_the_same_lines() -> Graded {
    check(|t| {
        let server = t.serve_on(everywhere(t)?, "dual", &[])?;
        let clients = [
            t.loopback6()?,
            t.ip(),
            Ipv4Addr::LOCALHOST.into(),
            t.loopback6()?,
        ];
        for ip in t.shuffled(clients.into()) {
            let line = visit(&server, ip)?;
            server.expect_logged(&line).teaches(
                "Who reads the log searches for 192.0.2.1, not for ::ffff:192.0.2.1: what you tell the \
                 client is what you log.",
            )?;
        }
        Ok(())
    })
}

/// The server closed first, so its end of each connection waits in TIME_WAIT when it starts again.
#[test]
fn starts_again_on_the_same_port() -> Graded {
    check_alone(|t| {
        let server = t.serve_on(everywhere(t)?, "dual", &[])?;
        visit(&server, t.loopback6()?)?;
        visit(&server, t.ip())?;
        server.kill()?;
        let again = t.serve_on(server.addr(), "dual", &[]);
        again
            .and_then(|server| visit(&server, t.ip()))
            .map(drop)
            .teaches("A socket that you make yourself has no SO_REUSEADDR: without it, the port is yours again in a minute.")
    })
}

/// An IPv4 server has the port at a single address.
#[test]
fn a_port_of_ipv4_is_taken() -> Graded {
    check(|t| {
        let everywhere = everywhere(t)?;
        visit(&t.serve_on(everywhere, "dual", &[])?, t.ip())?;
        let taken =
            TcpListener::bind((t.ip(), 0)).and_then(|holder| Ok((holder.local_addr()?, holder)));
        let (addr, _holder) = taken.map_err(|error| Failure::grader("hold a port", error))?;
        let everywhere = SocketAddr::new(everywhere.ip(), addr.port());
        t.start_on(everywhere, "dual", &[])?.expect_cannot_serve().teaches(
            "IPv4 and IPv6 have their ports in common (ipv6(7)): a socket for both families cannot have \
             one that somebody has in either, and with half of it you would serve half of the clients.",
        )
    })
}
