//! Stage `pair`: all addresses, the order of clients, and one of the two missing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::time::Duration;

use testbench::prelude::*;

const LOOPBACK4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A client that has connected to the server's port at `ip`.
fn client(server: &Server, ip: IpAddr) -> Outcome<Peer> {
    server.connect_at(SocketAddr::new(ip, server.addr().port()))
}

/// It hears its line and the end.
fn hears(client: &mut Peer) -> Outcome {
    let addr = client.addr()?;
    let family = if addr.is_ipv4() { "ipv4" } else { "ipv6" };
    client.expect_line(&format!("{family} {addr}"))?;
    client.expect_end()
}

fn at_home(t: &Bench) -> Outcome<Server> {
    t.serve_on(SocketAddr::new(t.loopback6()?, 0), "pair", &[])
}

/// A port that both families have free; nobody else takes it, for the check is alone.
fn free_port() -> Outcome<u16> {
    let find = || -> std::io::Result<u16> {
        loop {
            let port = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0))?
                .local_addr()?
                .port();
            if TcpListener::bind((Ipv6Addr::UNSPECIFIED, port)).is_ok() {
                return Ok(port);
            }
        }
    };
    find().map_err(|error| Failure::grader("find a port", error))
}

/// At [::] and 0.0.0.0, where the port of the one is the port of the other.
#[test]
fn both_have_all_addresses() -> Graded {
    check_alone(|t| {
        let home = t.loopback6()?;
        hears(&mut client(&at_home(t)?, home)?)?;
        let everywhere = SocketAddr::from((Ipv6Addr::UNSPECIFIED, free_port()?));
        let served = t.serve_on(everywhere, "pair", &[]).and_then(|server| {
            for ip in [home, t.ip(), home, LOOPBACK4] {
                hears(&mut client(&server, ip)?)?;
            }
            Ok(server)
        });
        let lesson = "A socket at [::] has the port for IPv4, too, unless it is for IPv6 alone: \
                      IPV6_V6ONLY, set to true before bind, leaves 0.0.0.0 to the other socket.";
        let listening = served.teaches(lesson)?.facts().listening()?;
        let both = [
            SocketAddr::from((Ipv4Addr::UNSPECIFIED, everywhere.port())),
            everywhere,
        ];
        wrong(listening == both, Saw::Wrong, || {
            format!("the program listens at {listening:?}")
        })
        .teaches(lesson)
    })
}

/// The kernel's table is asked where the program listens.
#[test]
fn two_sockets_at_the_addresses_given() -> Graded {
    check(|t| {
        let server = at_home(t)?;
        for ip in [t.loopback6()?, LOOPBACK4] {
            hears(&mut client(&server, ip)?)?;
        }
        let listening = server.facts().listening()?;
        let port = server.addr().port();
        let both = [
            SocketAddr::new(LOOPBACK4, port),
            SocketAddr::new(t.loopback6()?, port),
        ];
        wrong(listening == both, Saw::Wrong, || {
            format!("with --bind [::1]:0 the program listens at {listening:?}")
        })
        .teaches("--bind [::1] asks for this machine alone: ::1 for the one socket, 127.0.0.1 for the other.")
    })
}

/// Clients of one family in a row, then a crowd, which is looked at newest first.
#[test]
fn whoever_comes_is_answered() -> Graded {
    check(|t| {
        let server = at_home(t)?;
        let home = t.loopback6()?;
        let lesson = "Nobody knows which family comes next: wait for both sockets at once, and accept \
                      only from the one that has a client.";
        for ip in [home, home, home, LOOPBACK4, LOOPBACK4, LOOPBACK4, home] {
            client(&server, ip)
                .and_then(|mut client| hears(&mut client))
                .teaches(lesson)?;
        }
        let crowd = t.shuffled([[home; 8], [LOOPBACK4; 8]].concat());
        let crowd: Outcome<Vec<Peer>> = crowd.into_iter().map(|ip| client(&server, ip)).collect();
        for mut client in crowd?.into_iter().rev() {
            hears(&mut client).teaches(lesson)?;
        }
        Ok(())
    })
}

/// While nobody comes, the program is looked at from outside.
#[test]
fn one_thread_waits_for_both() -> Graded {
    check(|t| {
        let server = at_home(t)?;
        for ip in [t.loopback6()?, LOOPBACK4] {
            hears(&mut client(&server, ip)?)?;
        }
        let threads = server.facts().threads()?;
        wrong(threads == 1, Saw::Excess, || {
            format!("two sockets are served by {threads} threads")
        })
        .teaches("A thread for each socket is one more than it takes: poll tells which of them is ready.")?;
        let share = server.facts().busy_share(Duration::from_millis(150))?;
        wrong(share < 0.1, Saw::Spinning, || {
            format!("while nobody came the program used {:.0} % of a processor", share * 100.0)
        })
        .teaches("Ask both sockets again and again, and you keep a processor busy with nothing: sleep in poll until one of them has a client.")
    })
}

/// Somebody has the port for IPv4.
#[test]
fn half_a_pair_is_none() -> Graded {
    check(|t| {
        let home = t.loopback6()?;
        hears(&mut client(&at_home(t)?, home)?)?;
        let taken =
            TcpListener::bind((LOOPBACK4, 0)).and_then(|holder| Ok((holder.local_addr()?, holder)));
        let (addr, _holder) = taken.map_err(|error| Failure::grader("hold a port", error))?;
        t.start_on(SocketAddr::new(home, addr.port()), "pair", &[])?
            .expect_cannot_serve()
            .teaches(
                "The port is taken for one of the two: whoever starts you counts on both, so READY would \
                 be half a lie.",
            )
    })
}
