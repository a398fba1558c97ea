//! Stage `lookup`: names in a file.

use testbench::prelude::*;

use crate::messages::file;

/// A generated file: the name as canonical name, as alias, twice, and in between others.
#[test]
fn finds_every_address_in_order() -> Graded {
    check(|t| {
        let (name, alias) = (format!("w{}", t.word(7)), format!("x{}", t.word(7)));
        let ips: Vec<String> = (0..4)
            .map(|i| format!("192.0.2.{}", 10 * i + t.below(9)))
            .collect();
        let v6 = format!("2001:db8::{:x}", 1 + t.below(0xfffe));
        let text = format!(
            "{}\tother.example {name}s\n{} {name}.example {name} {alias}\n{v6}   {name}\n{} also not-{name}\n{}  last.example   {alias}\t{name}\n",
            ips[0], ips[1], ips[2], ips[3]
        );
        let (_folder, path) = file(t, &text)?;
        for (asked, found) in [
            (&name, format!("{}\n{v6}\n{}\n", ips[1], ips[3])),
            (&alias, format!("{}\n{}\n", ips[1], ips[3])),
        ] {
            let program = t.run(&["lookup", asked, "--hosts", &path])?;
            program
                .expect_output(&found)
                .and_then(|()| program.expect_exit(0))
                .teaches(
                    "A line is: address, name, aliases. Every word after the address counts, \
                     every line that has the name as one of them gives an address, and the \
                     file's order is kept.",
                )?;
        }
        Ok(())
    })
}

/// A name that is in the file, then names that are not.
#[test]
fn says_no_when_nothing_is_found() -> Graded {
    check(|t| {
        let name = format!("w{}", t.word(7));
        let (_folder, path) = file(t, &format!("192.0.2.7 {name}.example\n"))?;
        let known = t.run(&["lookup", &format!("{name}.example"), "--hosts", &path])?;
        known.expect_output("192.0.2.7\n")?;
        for unknown in [name.as_str(), "example", "192.0.2.7.example"] {
            let program = t.run(&["lookup", unknown, "--hosts", &path])?;
            program
                .expect_output("")
                .and_then(|()| program.expect_failure(1))
                .teaches(
                    "Not found is an answer, too: no addresses. And a name is found as a whole, \
                     not by a part of it.",
                )?;
        }
        Ok(())
    })
}
