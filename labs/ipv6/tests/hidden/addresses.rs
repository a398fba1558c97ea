//! Stage `addresses`: where zeros are shortened, where kinds end, zones and brackets.

use std::fmt::Write;

use testbench::prelude::*;

/// Gives the program these texts, and expects these answers; `ERR` stands for any reason.
fn expect(t: &Bench, table: &[(String, String)], lesson: &'static str) -> Outcome {
    let program = t.run_typing(&["addresses"])?;
    let texts: String = table.iter().map(|(text, _)| format!("{text}\n")).collect();
    program.feed(texts)?;
    let said = program.output()?;
    program.expect_exit(0)?;
    let said = String::from_utf8_lossy(&said);
    let mut answers = said.lines();
    for (text, expected) in table {
        let answer = answers.next().unwrap_or_default();
        let what = format!("what {text} is");
        if expected == "ERR" {
            let refused = answer.starts_with("ERR ");
            wrong(refused, Saw::Wrong, || {
                format!("{text} is answered wrongly")
            })
            .map_err(|failure| failure.expecting("ERR and a reason", answer.as_bytes()))
        } else {
            differs(&what, expected, answer)
        }
        .teaches(lesson)?;
    }
    Ok(())
}

fn table<const N: usize>(rows: [(&str, &str); N]) -> Vec<(String, String)> {
    rows.map(|(text, answer)| (text.to_owned(), answer.to_owned()))
        .into()
}

/// RFC 5952 4, by the letter.
fn canonical(groups: [u16; 8]) -> String {
    // The longest run of zeros, of two at least; the first of equals.
    let mut best = (0, 0);
    for start in 0..8 {
        let length = groups[start..]
            .iter()
            .take_while(|group| **group == 0)
            .count();
        if length >= 2 && length > best.1 {
            best = (start, length);
        }
    }
    let text = |groups: &[u16]| {
        let groups: Vec<String> = groups.iter().map(|group| format!("{group:x}")).collect();
        groups.join(":")
    };
    match best {
        (_, 0) => text(&groups),
        (start, length) => {
            let (before, behind) = (&groups[..start], &groups[start + length..]);
            format!("{}::{}", text(before), text(behind))
        }
    }
}

/// Two hundred addresses of the seed's, every second group of them zero, written out in full.
#[test]
fn shortens_the_first_longest_run_of_zeros() -> Graded {
    check(|t| {
        let mut rows = table([
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1 global"),
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1 global"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1 global"),
            ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1 global"),
            ("2001:db8:1:1:1:1:0:0", "2001:db8:1:1:1:1:: global"),
        ]);
        for _ in 0..200 {
            let mut groups = [0; 8];
            groups[0] = 0x2001;
            for group in &mut groups[1..] {
                if t.below(2) == 1 {
                    *group = u16::try_from(t.below(0x1_0000) >> (4 * t.below(4))).unwrap_or(1);
                }
            }
            let mut full = String::new();
            for group in groups {
                // Writing to a String does not fail.
                _ = write!(full, ":{group:04X}");
            }
            rows.push((full[1..].to_owned(), canonical(groups) + " global"));
        }
        expect(
            t,
            &rows,
            "RFC 5952 4.2: the longest run of zero groups becomes ::, the first of two that are \
             equally long, and a single zero group never.",
        )
    })
}

/// The first and the last address of each kind, and their neighbours.
#[test]
fn kinds_end_where_their_prefix_ends() -> Graded {
    check(|t| {
        expect(
            t,
            &table([
                ("::2", "::2 global"),
                ("::1:0", "::1:0 global"),
                ("fe7f::1", "fe7f::1 global"),
                ("fe80::", "fe80:: link-local"),
                ("fe8f::1", "fe8f::1 link-local"),
                ("febf:ffff::1", "febf:ffff::1 link-local"),
                ("fec0::1", "fec0::1 global"),
                ("feff::1", "feff::1 global"),
                ("ff00::", "ff00:: multicast"),
                ("ffff::1", "ffff::1 multicast"),
                ("fd00::1", "fd00::1 global"),
                ("::fe80:0:0:1", "::fe80:0:0:1 global"),
            ]),
            "A prefix is a number of bits: fe80::/10 goes from fe80 to febf, ff00::/8 to ffff, and \
             the loopback address is a single one.",
        )
    })
}

/// The IPv4 address, in both of its forms, and addresses that resemble it.
#[test]
fn mapped_addresses_show_what_they_hold() -> Graded {
    check(|t| {
        let (c, d) = (t.below(256), t.below(256));
        let mapped = format!("::ffff:192.0.{c}.{d} mapped 192.0.{c}.{d}");
        let mut rows = vec![
            (format!("::ffff:192.0.{c}.{d}"), mapped.clone()),
            (format!("::FFFF:C000:{c:02X}{d:02X}"), mapped.clone()),
            (format!("0:0:0:0:0:ffff:192.0.{c}.{d}"), mapped),
        ];
        rows.extend(table([
            ("::fffe:192.0.2.1", "::fffe:c000:201 global"),
            ("::ffff:0:192.0.2.1", "::ffff:0:c000:201 global"),
            ("1::ffff:192.0.2.1", "1::ffff:c000:201 global"),
            ("::192.0.2.1", "::c000:201 global"),
        ]));
        expect(
            t,
            &rows,
            "Behind 80 zeros and 16 ones stands an IPv4 address (RFC 4291 2.5.5.2): write it with dots \
             and tell it. Only there: other addresses with 32 bits at the end are IPv6.",
        )
    })
}

/// A zone in each of the places where there can be one.
#[test]
fn a_zone_stays_with_its_address() -> Graded {
    check(|t| {
        let zone = format!("eth{}", t.below(10));
        let mut rows = vec![
            (
                format!("FE80:0::1%{zone}"),
                format!("fe80::1%{zone} link-local"),
            ),
            (format!("ff02::fb%{zone}.{}", t.below(4096)), String::new()),
        ];
        rows[1].1 = format!("{} multicast", rows[1].0);
        rows.extend(table([
            ("fe80::1%3", "fe80::1%3 link-local"),
            ("fe80::1%Wi-Fi_2", "fe80::1%Wi-Fi_2 link-local"),
            ("ff01::1%lo", "ff01::1%lo multicast"),
            ("ff05::2%1", "ff05::2%1 multicast"),
            ("fe80::1%0", "fe80::1 link-local"),
            ("fe80::1", "fe80::1 link-local"),
        ]));
        expect(
            t,
            &rows,
            "What stands behind the % is no part of the 128 bits (RFC 4007 11): keep it as it is, in \
             its own letters; 0 is the default and is not written.",
        )
    })
}

/// Zones behind addresses that mean one machine only, and zones that are none.
#[test]
fn a_zone_needs_an_address_that_has_zones() -> Graded {
    check(|t| {
        let mut rows = table([
            ("2001:db8::1%eth0", "ERR"),
            ("::1%lo", "ERR"),
            ("::%1", "ERR"),
            ("::ffff:192.0.2.1%1", "ERR"),
            ("ff0e::1%eth0", "ERR"),
            ("ff1e::1%0", "ERR"),
            ("fd00::1%eth0", "ERR"),
            ("fe80::1%", "ERR"),
            ("fe80::1%a%b", "ERR"),
            ("fe80::1% eth0", "ERR"),
            ("fe80::%1::1", "ERR"),
            ("%eth0", "ERR"),
        ]);
        rows.push((
            "fe80::1%eth0".to_owned(),
            "fe80::1%eth0 link-local".to_owned(),
        ));
        expect(
            t,
            &rows,
            "RFC 4007 11.1: only an address that can mean several machines needs a zone: link-local, \
             and groups of less than global scope. A zone has a character at least.",
        )
    })
}

/// Endpoints, and colons that are not what they seem.
#[test]
fn brackets_protect_the_colons() -> Graded {
    check(|t| {
        let port = t.number(1..=65_535);
        let mut rows = vec![
            (
                format!("[2001:DB8::1]:{port}"),
                format!("[2001:db8::1]:{port} global"),
            ),
            (
                format!("[::FFFF:c000:201]:{port}"),
                format!("[::ffff:192.0.2.1]:{port} mapped 192.0.2.1"),
            ),
        ];
        rows.extend(table([
            ("::1:80", "::1:80 global"),
            ("fe80::1:443", "fe80::1:443 link-local"),
            ("[fe80::1%eth0]:443", "[fe80::1%eth0]:443 link-local"),
            ("[::]:0", "[::]:0 unspecified"),
            ("[::1]", "ERR"),
            ("[::1]:", "ERR"),
            ("[::1]:65536", "ERR"),
            ("[::1]:+80", "ERR"),
            ("[::1]:080", "ERR"),
            ("[::1]80", "ERR"),
            ("[::1:80", "ERR"),
            ("::1]:80", "ERR"),
            ("[[::1]]:80", "ERR"),
            ("[127.0.0.1]:80", "ERR"),
            ("[fe80::1]%eth0:80", "ERR"),
        ]));
        expect(
            t,
            &rows,
            "Without brackets every colon belongs to the address: ::1:80 is one. An address with a \
             port is [ADDRESS]:PORT (RFC 3986 3.2.2, RFC 5952 6).",
        )
    })
}
