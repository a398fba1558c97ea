//! Stage `endpoint`: IPv6, the edges of blocks and ranges, and stranger things.

use testbench::prelude::*;

/// Runs `endpoint` and gives the lines of these keys.
fn tell(t: &Bench, endpoint: &str, keys: &[&str]) -> Outcome<String> {
    let program = t.run(&["endpoint", endpoint])?;
    let output = program.output()?;
    program.expect_exit(0)?;
    let text = String::from_utf8_lossy(&output);
    let wanted = |line: &&str| {
        line.split_once('=')
            .is_some_and(|(key, _)| keys.contains(&key))
    };
    Ok(text.lines().filter(wanted).collect::<Vec<_>>().join(" "))
}

/// Every way to write an IPv6 address, and what does not belong between brackets.
#[test]
fn reads_addresses_in_brackets() -> Graded {
    check(|t| {
        let port = t.number(1..=65_535);
        for (text, host) in [
            ("::1", "::1"),
            ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"),
            ("FF01::101", "ff01::101"),
            ("::", "::"),
            ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ] {
            let told = tell(t, &format!("[{text}]:{port}"), &["host", "family", "port"])?;
            differs(
                "what is told",
                format!("host={host} family=ipv6 port={port}"),
                told,
            )
            .teaches(
                "Between the brackets stands any text of RFC 4291 2.2: Ipv6Addr reads them all, \
                 and prints the form of RFC 5952.",
            )?;
        }
        for text in [
            "[127.0.0.1]:80",
            "[::1%1]:80",
            "[::1]",
            "[::1]80",
            "[::1:80",
            "[host]:80",
        ] {
            let program = t.run(&["endpoint", text])?;
            program.expect_output("").and_then(|()| program.expect_failure(1)).teaches(
                "Brackets hold an IPv6 address without a zone, and the closing one is followed by \
                 a colon and the port: nothing else.",
            )?;
        }
        Ok(())
    })
}

/// The first and the last address of each block, their neighbours, and mapped ones.
#[test]
fn knows_private_blocks_to_their_edges() -> Graded {
    check(|t| {
        let lesson = "RFC 1918 3: 10/8, 172.16/12 (to 172.31), 192.168/16; RFC 4193: fc00::/7, \
                      which is fc and fd. A block ends where its prefix says.";
        for (host, loopback, private) in [
            ("9.255.255.255", "no", "no"),
            ("10.0.0.0", "no", "yes"),
            ("10.255.255.255", "no", "yes"),
            ("11.0.0.0", "no", "no"),
            ("172.15.255.255", "no", "no"),
            ("172.16.0.0", "no", "yes"),
            ("172.31.255.255", "no", "yes"),
            ("172.32.0.0", "no", "no"),
            ("192.167.255.255", "no", "no"),
            ("192.168.0.0", "no", "yes"),
            ("192.168.255.255", "no", "yes"),
            ("192.169.0.0", "no", "no"),
            ("169.254.1.1", "no", "no"),
            ("126.255.255.255", "no", "no"),
            ("127.0.0.0", "yes", "no"),
            ("127.255.255.255", "yes", "no"),
            ("128.0.0.0", "no", "no"),
            ("[fbff::1]", "no", "no"),
            ("[fc00::]", "no", "yes"),
            ("[fdff::1]", "no", "yes"),
            ("[fe00::1]", "no", "no"),
            ("[fe80::1]", "no", "no"),
            ("[::2]", "no", "no"),
        ] {
            let told = tell(t, &format!("{host}:80"), &["loopback", "private"])?;
            let expected = format!("loopback={loopback} private={private}");
            differs(&format!("what is told of {host}"), expected, told).teaches(lesson)?;
        }
        Ok(())
    })
}

/// An IPv4 address in IPv6's clothes.
#[test]
fn a_mapped_address_counts_as_what_it_holds() -> Graded {
    check(|t| {
        let d = t.below(256);
        for (host, loopback, private) in [
            (format!("::ffff:127.0.0.{d}"), "yes", "no"),
            (format!("::ffff:10.0.0.{d}"), "no", "yes"),
            (format!("::ffff:192.0.2.{d}"), "no", "no"),
        ] {
            let told = tell(
                t,
                &format!("[{host}]:80"),
                &["host", "family", "loopback", "private"],
            )?;
            let expected = format!("host={host} family=ipv6 loopback={loopback} private={private}");
            differs("what is told", expected, told).teaches(
                "A connection to ::ffff:127.0.0.1 reaches this machine over IPv4: who forbids \
                 loopback must not be fooled by that. to_canonical gives the address inside.",
            )?;
        }
        Ok(())
    })
}

/// The last port of each range and the first of the next, and numbers that are none.
#[test]
fn knows_port_ranges_to_their_edges() -> Graded {
    check(|t| {
        for (port, class) in [
            (0, "well-known"),
            (1023, "well-known"),
            (1024, "registered"),
            (49_151, "registered"),
            (49_152, "dynamic"),
            (65_535, "dynamic"),
        ] {
            let told = tell(t, &format!("192.0.2.1:{port}"), &["port", "class"])?;
            differs("what is told", format!("port={port} class={class}"), told).teaches(
                "RFC 6335 6: System Ports to 1023, User Ports to 49151, Dynamic Ports from 49152.",
            )?;
        }
        for port in [
            "+80",
            "-1",
            "0x50",
            " 80",
            "80 ",
            "00",
            "65536",
            "4294967376",
            "8O",
        ] {
            let program = t.run(&["endpoint", &format!("192.0.2.1:{port}")])?;
            program
                .expect_output("")
                .and_then(|()| program.expect_failure(1))
                .teaches(
                    "str::parse takes a sign and zeros that this format does not have: look at the \
                 characters before you read the number.",
                )?;
        }
        Ok(())
    })
}

/// What a name may be, and what is none.
#[test]
fn tells_names_from_what_is_none() -> Graded {
    check(|t| {
        let lesson = "A name is labels of 1 to 63 letters, digits and inner hyphens, 253 characters \
                      in all, and its last label is not all digits (RFC 1123 2.1).";
        let label = |length: usize| "a".repeat(length);
        let long = [label(63), label(63), label(63), label(61)].join(".");
        for name in [
            "localhost".to_owned(),
            format!("3{}.example", t.word(4)),
            "xn--bcher-kva.example.".to_owned(),
            "1.2.3.4.example".to_owned(),
            "a-b".to_owned(),
            label(63),
            format!("{long}."),
        ] {
            let told = tell(t, &format!("{name}:53"), &["host", "family"])?;
            differs("what is told", format!("host={name} family=name"), told).teaches(lesson)?;
        }
        for none in [
            String::new(),
            ".".to_owned(),
            "a..b".to_owned(),
            ".a".to_owned(),
            "-a".to_owned(),
            "a-.b".to_owned(),
            "a_b".to_owned(),
            "a b".to_owned(),
            "größer".to_owned(),
            label(64),
            long + "a",
            "256.1.1.1".to_owned(),
            "1.2.3".to_owned(),
            "1.2.3.4.".to_owned(),
            "1.2.3.4.5".to_owned(),
            "host.42".to_owned(),
            "2130706433".to_owned(),
        ] {
            let program = t.run(&["endpoint", "--", &format!("{none}:53")])?;
            program
                .expect_output("")
                .and_then(|()| program.expect_failure(1))
                .teaches(lesson)?;
        }
        let program = t.run(&["endpoint", "localhost"])?;
        program
            .expect_failure(1)
            .teaches("An endpoint has two parts: a host alone is none.")
    })
}
