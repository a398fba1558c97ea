//! Stage `lookup`: comments and case, families, literals, localhost, and oneself.

use testbench::prelude::*;

use crate::messages::file;

/// Comments everywhere, blanks of both kinds, a line that is none, and names in other cases.
#[test]
fn comments_blanks_and_case_do_not_count() -> Graded {
    check(|t| {
        let name = format!("W{}.Lab", t.word(7));
        let text = format!(
            "# 192.0.2.1 {name}\n#{name}\n\n   \t\nno-address {name}\n192.0.2.300 {name}\n\
             192.0.2.2\tother # {name}\n192.0.2.3 other#{name}\n192.0.2.4\t \t{name}# a comment\n\
             192.0.2.5\n192.0.2.6 \t x\ty {}\r\n  192.0.2.7 {}",
            name.to_uppercase(),
            name.to_lowercase(),
        );
        let (_folder, path) = file(t, &text)?;
        let dotted = format!("{name}.");
        for asked in [name.to_lowercase(), name.to_uppercase(), dotted] {
            let program = t.run(&["lookup", &asked, "--hosts", &path])?;
            program.expect_output("192.0.2.4\n192.0.2.6\n192.0.2.7\n").teaches(
                "Cut each line at its first #, wherever that stands; split what is left at blanks \
                 and tabs; and compare names without regard to case.",
            )?;
        }
        Ok(())
    })
}

/// A name with addresses of both families, asked for each, for both, and one that has only one.
#[test]
fn families_can_be_asked_for() -> Graded {
    check(|t| {
        let (name, old) = (format!("w{}", t.word(7)), format!("o{}", t.word(7)));
        let text = format!(
            "192.0.2.1 {name}\n2001:db8::1 {name}\n192.0.2.2 {name} {old}\n2001:DB8:0::2 {name}\n"
        );
        let (_folder, path) = file(t, &text)?;
        let both = "192.0.2.1\n2001:db8::1\n192.0.2.2\n2001:db8::2\n";
        for (flags, found) in [
            (&["-4"][..], "192.0.2.1\n192.0.2.2\n"),
            (&["-6"][..], "2001:db8::1\n2001:db8::2\n"),
            (&["-4", "-6"][..], both),
            (&[][..], both),
        ] {
            let args = [&["lookup", &name, "--hosts", &path], flags].concat();
            t.run(&args)?.expect_output(found).teaches(
                "A name has addresses of two families: -4 and -6 choose one, and leave the order \
                 as it is.",
            )?;
        }
        let program = t.run(&["lookup", &old, "--hosts", &path, "-6"])?;
        program
            .expect_output("")
            .and_then(|()| program.expect_failure(1))
            .teaches("It has no address of that family: to who asked for one, that is a no.")
    })
}

/// Addresses as names; the file says something else about one of them.
#[test]
fn an_address_is_its_own_answer() -> Graded {
    check(|t| {
        let ip = format!("203.0.113.{}", t.below(256));
        let (_folder, path) = file(t, &format!("192.0.2.9 {ip} 2001:db8::1\n"))?;
        for (asked, found) in [
            (ip.as_str(), format!("{ip}\n")),
            ("2001:DB8::0:1", "2001:db8::1\n".to_owned()),
        ] {
            t.run(&["lookup", asked, "--hosts", &path])?
                .expect_output(found)
                .teaches(
                    "What is an address already needs no looking up: try to read it as one first.",
                )?;
        }
        let program = t.run(&["lookup", &ip, "--hosts", &path, "-6"])?;
        program
            .expect_output("")
            .and_then(|()| program.expect_failure(1))
            .teaches("An IPv4 address is not what -6 asks for, typed or looked up.")
    })
}

/// Without a line and with one.
#[test]
fn localhost_is_loopback_unless_the_file_says_more() -> Graded {
    check(|t| {
        let (_folder, empty) = file(t, "192.0.2.1 localhosts nolocalhost localhost.example\n")?;
        let lesson = "localhost and everything that ends in .localhost is loopback by definition \
                      (RFC 6761 6.3), also where no file says so.";
        let under = format!("{}.LocalHost", t.word(5));
        for asked in ["localhost", "LOCALHOST.", &under] {
            let program = t.run(&["lookup", asked, "--hosts", &empty])?;
            program.expect_output("127.0.0.1\n::1\n").teaches(lesson)?;
        }
        let program = t.run(&["lookup", "localhost", "--hosts", &empty, "-6"])?;
        program.expect_output("::1\n").teaches(lesson)?;
        let (_folder, told) = file(t, "127.0.0.7 localhost\n")?;
        let program = t.run(&["lookup", "localhost", "--hosts", &told])?;
        program
            .expect_output("127.0.0.7\n")
            .teaches("The file has a line for localhost: what it says counts.")?;
        let program = t.run(&["lookup", "nolocalhost", "--hosts", &told])?;
        program
            .expect_failure(1)
            .teaches("nolocalhost is a label of its own, not a name below localhost.")
    })
}

/// What the check's own gethostname says.
#[test]
fn tells_its_own_name() -> Graded {
    check(|t| {
        let program = t.run(&["lookup", "--self"])?;
        program
            .expect_output(t.host_name() + "\n")
            .and_then(|()| program.expect_exit(0))
            .teaches(
                "The kernel keeps the machine's name; gethostname asks for it. It is in no file \
                 that you could rely on, and localhost is not its name.",
            )
    })
}
