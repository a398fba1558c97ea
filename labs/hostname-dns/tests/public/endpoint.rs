//! Stage `endpoint`: what an address and a port say of themselves.

use testbench::prelude::*;

use crate::messages::file;

/// What the program prints of an endpoint.
fn told(host: &str, facts: [&str; 3], port: &str, class: &str) -> String {
    let [family, loopback, private] = facts;
    format!(
        "host={host}\nfamily={family}\nloopback={loopback}\nprivate={private}\nport={port}\nclass={class}\n"
    )
}

/// An address of a network, one of a private network, one of this machine, and a name.
#[test]
fn tells_address_and_port() -> Graded {
    check(|t| {
        let (a, b) = (t.number(0..=255), t.number(0..=255));
        let (port, name) = (t.number(1024..=49151).to_string(), t.word(9));
        let name = format!("h{name}.example");
        let (far, near) = (format!("203.0.{a}.{b}"), format!("10.{b}.{a}.7"));
        let own = format!("127.{a}.{b}.1");
        for (host, facts) in [
            (&far, ["ipv4", "no", "no"]),
            (&near, ["ipv4", "no", "yes"]),
            (&own, ["ipv4", "yes", "no"]),
            (&name, ["name", "unknown", "unknown"]),
        ] {
            let program = t.run(&["endpoint", &format!("{host}:{port}")])?;
            program
                .expect_output(told(host, facts, &port, "registered"))
                .and_then(|()| program.expect_exit(0))
                .teaches(
                    "Split at the colon; then std's Ipv4Addr says what it is. What is no address \
                     but made of labels is a name, and nothing is known of it yet.",
                )?;
        }
        Ok(())
    })
}

/// What some parsers take and others do not: each is refused with a reason.
#[test]
fn refuses_what_only_looks_like_one() -> Graded {
    check(|t| {
        t.run(&["endpoint", "127.0.0.1:80"])?.expect_exit(0)?;
        for (text, lesson) in [
            (
                "127.0.01:80",
                "C's parser takes a leading zero for an octal number, others for nothing: \
                 127.0.01 means different hosts to different programs, so it means none.",
            ),
            (
                "127.1:80",
                "inet_aton(3) fills an address up with zeros; RFC 3986 3.2.2 wants four numbers. \
                 A name it is not either: its last label is a number.",
            ),
            (
                "::1:80",
                "Is that port 80 of ::1, or the address ::1:80? Brackets tell the colons of an \
                 IPv6 address from the port's (RFC 3986 3.2.2).",
            ),
            ("127.0.0.1:65536", "A port has 16 bits: 65535 is the last."),
            (
                "127.0.0.1:080",
                "A number with a leading zero is written differently from what it is; an exact \
                 format has one way to write each port.",
            ),
            (
                "127.0.0.1:",
                "A missing port is not port 0: say that it is missing.",
            ),
        ] {
            let program = t.run(&["endpoint", text])?;
            program
                .expect_output("")
                .and_then(|()| program.expect_failure(1))
                .teaches(lesson)?;
        }
        Ok(())
    })
}

/// Services from a file of the check's own: by name, by alias, in any case.
#[test]
fn knows_services_by_their_names() -> Graded {
    check(|t| {
        let (name, alias) = (format!("s{}", t.word(6)), format!("a{}", t.word(6)));
        let (first, second) = (t.number(1024..=9999), t.number(10_000..=49_151));
        let text = format!(
            "# a comment about http 1/tcp\n\n{name}x\t{second}/tcp\n{name}  {first}/tcp\t{alias} other # {name}y\n{name} {second}/udp\n"
        );
        let (_folder, path) = file(t, &text)?;
        for service in [name.clone(), alias, name.to_uppercase()] {
            let program = t.run(&["endpoint", &format!("[::1]:{service}"), "--services", &path])?;
            let facts = ["ipv6", "yes", "no"];
            program
                .expect_output(told("::1", facts, &first.to_string(), "registered"))
                .teaches(
                    "A line of the file is: name, number/protocol, aliases. Compare whole words, \
                     without regard to case, and take the first line that fits.",
                )?;
        }
        for unknown in [format!("{name}y"), "1".to_owned() + &name] {
            let program = t.run(&["endpoint", &format!("[::1]:{unknown}"), "--services", &path])?;
            program
                .expect_output("")
                .and_then(|()| program.expect_failure(1))
                .teaches(
                    "That service is not in the file: a word behind a # does not count, and part \
                     of a word is not the word.",
                )?;
        }
        Ok(())
    })
}
