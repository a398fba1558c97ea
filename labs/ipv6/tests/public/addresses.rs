//! Stage `addresses`: the forms of the RFCs, the kinds, and what is no address.

use testbench::prelude::*;

/// Gives the program these lines, and gives what it prints for each.
fn answers(t: &Bench, lines: &[&str]) -> Outcome<Vec<String>> {
    let program = t.run_typing(&["addresses"])?;
    program.feed(lines.join("\n") + "\n")?;
    let said = program.output()?;
    program.expect_exit(0)?;
    let said: Vec<String> = String::from_utf8_lossy(&said)
        .lines()
        .map(str::to_owned)
        .collect();
    wrong(said.len() == lines.len(), Saw::Wrong, || {
        format!("{} lines were answered by {}", lines.len(), said.len())
    })?;
    Ok(said)
}

/// What the examples of RFC 4291 2.2 and RFC 5952 4 become, and some of the seed's own.
#[test]
fn writes_the_canonical_text() -> Graded {
    check(|t| {
        let id = 1 + t.below(0xffff);
        let own = [
            (
                format!("2001:0DB8:0000:0000:0000:0000:0000:{id:04X}"),
                format!("2001:db8::{id:x}"),
            ),
            (
                format!("2001:db8:{id:x}::0.0.0.1"),
                format!("2001:db8:{id:x}::1"),
            ),
        ];
        let mut table = vec![
            ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"),
            (
                "ABCD:EF01:2345:6789:ABCD:EF01:2345:6789",
                "abcd:ef01:2345:6789:abcd:ef01:2345:6789",
            ),
            ("2001:0db8::0001", "2001:db8::1"),
            ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),
            ("2001:db8::", "2001:db8::"),
        ];
        table.extend(own.iter().map(|(text, written)| (&text[..], &written[..])));
        let texts: Vec<&str> = table.iter().map(|(text, _)| *text).collect();
        for ((text, written), said) in table.iter().zip(answers(t, &texts)?) {
            differs(&format!("what {text} is"), format!("{written} global"), said).teaches(
                "Many texts are one address, and RFC 5952 4 picks one of them: no leading zeros, the \
                 longest run of zeros as ::, small letters.",
            )?;
        }
        Ok(())
    })
}

/// One of each kind.
#[test]
fn tells_the_kind() -> Graded {
    check(|t| {
        let table = [
            ("::", ":: unspecified"),
            ("::1", "::1 loopback"),
            ("ff02::1", "ff02::1 multicast"),
            ("fe80::1", "fe80::1 link-local"),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.1 mapped 192.0.2.1"),
            ("2001:db8::1", "2001:db8::1 global"),
        ];
        let texts = table.map(|(text, _)| text);
        for ((text, expected), said) in table.iter().zip(answers(t, &texts)?) {
            differs(&format!("what {text} is"), expected, said).teaches(
                "The first bits tell the kind (RFC 4291 2.4): all zeros, a single 1 at the end, ff, \
                 fe80, and ::ffff: in front of an IPv4 address; the rest is global.",
            )?;
        }
        Ok(())
    })
}

/// What is none, and behind each one that is.
#[test]
fn says_what_is_no_address() -> Graded {
    check(|t| {
        let none = [
            "",
            ":",
            ":::",
            "1::2::3",
            "12345::",
            "g::",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9",
            "::192.0.2",
            "127.0.0.1",
            "::1/128",
            " ::1",
            "localhost",
        ];
        let texts: Vec<&str> = none.iter().flat_map(|text| [*text, "::1"]).collect();
        for (text, said) in texts.iter().zip(answers(t, &texts)?) {
            let expected = if *text == "::1" {
                "::1 loopback"
            } else {
                "ERR "
            };
            wrong(said.starts_with(expected), Saw::Wrong, || {
                format!("{text:?} is answered wrongly")
            })
            .map_err(|failure| failure.expecting(format!("{expected}..."), said.as_bytes()))
            .teaches(
                "An address has eight groups of one to four digits, one :: at the most, and only \
                 the last two groups may be dotted. What is none gets ERR and a reason, and the \
                 next line its answer.",
            )?;
        }
        Ok(())
    })
}
