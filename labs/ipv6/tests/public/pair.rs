//! Stage `pair`: a client of each family.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use testbench::prelude::*;

/// On the loopback addresses, one after the other.
#[test]
fn both_families_are_answered() -> Graded {
    check(|t| {
        let home = t.loopback6()?;
        let server = t.serve_on(SocketAddr::new(home, 0), "pair", &[])?;
        let port = server.addr().port();
        for ip in [home, IpAddr::from(Ipv4Addr::LOCALHOST)] {
            let family = if ip.is_ipv4() { "ipv4" } else { "ipv6" };
            let told = server
                .connect_at(SocketAddr::new(ip, port))
                .and_then(|mut client| {
                    client.expect_line(&format!("{family} {}", client.addr()?))?;
                    client.expect_end()
                });
            told.teaches(
                "Two sockets listen at one port, ::1 and 127.0.0.1, and a client of either hears its \
                 family, a blank, its address and port, and the end.",
            )?;
        }
        Ok(())
    })
}
