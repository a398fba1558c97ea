//! The solution against programs that no one here wrote, and command lines that ask for nothing it can do.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use testbench::prelude::*;
use testbench::tool::Tool;

/// Texts from stdin become their canonical ones, as Python's `ipaddress` has them.
const IPADDRESS: &str = "
import ipaddress, sys
for line in sys.stdin:
    address = ipaddress.IPv6Address(line.strip())
    mapped = address.ipv4_mapped
    kind = ('mapped ' + str(mapped) if mapped else 'unspecified' if address.is_unspecified
        else 'loopback' if address.is_loopback else 'multicast' if address.is_multicast
        else 'link-local' if address.is_link_local else 'global')
    print('::ffff:' + str(mapped) if mapped else address, kind)
";

/// The course's client for several families.
const BOTH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/python/both.py");

/// A port that both families have free.
fn free_port() -> Outcome<u16> {
    let port = std::net::TcpListener::bind((Ipv6Addr::UNSPECIFIED, 0))
        .and_then(|listener| listener.local_addr());
    port.map(|addr| addr.port())
        .map_err(|error| Failure::grader("find a port", error))
}

#[test]
fn python_agrees_on_a_thousand_addresses() -> Graded {
    check(|t| {
        let python = Tool::find("python3")?;
        let prefixes = ["", "::ffff:", "fe80", "ff02", "2001:db8", "0:0:0:0:0"];
        let mut texts = String::from("::\n::1\n::ffff:192.0.2.1\n");
        for _ in 0..1000 {
            let prefix = prefixes[t.below(prefixes.len())];
            let count = match prefix {
                "" => 8,
                "::ffff:" => 0,
                _ => 8 - prefix.split(':').count(),
            };
            let mut groups: Vec<String> = Vec::new();
            for _ in 0..count {
                // Every second one is zero, with one digit or four.
                groups.push(match t.below(4) {
                    0 => "0".to_owned(),
                    1 => "0000".to_owned(),
                    _ => format!("{:X}", t.below(0x1_0000)),
                });
            }
            let line = match prefix {
                "" => groups.join(":"),
                "::ffff:" => format!("::FFFF:{:x}:{:x}", t.below(0x1_0000), t.below(0x1_0000)),
                _ => format!("{prefix}:{}", groups.join(":")),
            };
            texts.push_str(&line);
            texts.push('\n');
        }
        let expected = python.run(&["-c", IPADDRESS], texts.clone())?;
        let program = t.run_typing(&["addresses"])?;
        program.feed(texts)?;
        program.expect_output(expected)
    })
}

#[test]
fn netcat_is_told_its_family() -> Graded {
    check(|t| {
        let nc = Tool::find("nc")?;
        let home = t.loopback6()?;
        for stage in ["dual", "pair"] {
            let server = t.serve_on((Ipv6Addr::UNSPECIFIED, 0).into(), stage, &[])?;
            let port = server.addr().port().to_string();
            for (ip, begins) in [
                (home, "ipv6 [::1]:"),
                (Ipv4Addr::LOCALHOST.into(), "ipv4 127.0.0.1:"),
            ] {
                let said = nc.run(&[ip.to_string(), port.clone()], "")?;
                let said = String::from_utf8_lossy(&said);
                wrong(said.starts_with(begins), Saw::Wrong, || {
                    format!("{stage} told nc at {ip} {said:?}")
                })?;
            }
        }
        Ok(())
    })
}

#[test]
fn socat_gets_its_bytes_back() -> Graded {
    check(|t| {
        let socat = Tool::find("socat")?;
        let server = t.serve_on(SocketAddr::new(t.loopback6()?, 0), "echo", &[])?;
        let payload = t.bytes(1 << 20);
        let peer = format!("TCP6:{}", server.addr());
        let printed = socat.run(&["-t", "20", "-", &peer], payload.clone())?;
        differs("what socat printed", payload, printed)
    })
}

/// Python's server has one socket for both families, and shows an IPv4 client as it comes.
#[test]
fn python_serves_the_second_choice() -> Graded {
    check(|t| {
        let python = Tool::find("python3")?;
        t.loopback6()?;
        let (closed, port) = (t.closed_port()?, free_port()?);
        let server = python.start(&[BOTH, &port.to_string()], "")?;
        server.wait_for_output(|said| said.ends_with(b"\n"))?;
        let second = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
        let addrs = [closed.addr().to_string(), second.to_string()];
        let program = t.run(&["fallback", &addrs[0], &addrs[1]])?;
        program.expect_output("::ffff:127.0.0.1\n")?;
        program.expect_exit(0)
    })
}

/// The program says what is wrong, and leaves with exit code 2.
fn refused(args: &[&str]) -> Graded {
    check(|t| t.run(args)?.expect_failure(2))
}

#[test]
fn an_ipv4_address_is_no_place_for_these_servers() -> Graded {
    refused(&["dual", "--bind", "0.0.0.0:0"])
}

#[test]
fn a_pair_is_everywhere_or_at_home() -> Graded {
    refused(&["pair", "--bind", "[2001:db8::1]:0"])
}

#[test]
fn a_fallback_needs_an_address() -> Graded {
    refused(&["fallback", "--delay", "10"])
}

#[test]
fn no_time_at_all_is_a_usage_error() -> Graded {
    refused(&["fallback", "127.0.0.1:1", "--timeout", "0"])
}
