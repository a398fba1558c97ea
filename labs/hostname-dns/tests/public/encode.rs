//! Stage `encode`: a question in bytes.

use testbench::prelude::*;

use crate::messages::{A, AAAA, CNAME, MX, NS, SOA, TXT, number, query};

/// A name of three labels, an id from the seed.
#[test]
fn writes_a_query_byte_for_byte() -> Graded {
    check(|t| {
        for _ in 0..3 {
            let (id, label) = (number(t), t.word(1 + t.below(20)));
            let name = format!("{label}.Lab.test");
            let program = t.run(&["encode", &name, "A", "--id", &id.to_string()])?;
            program
                .expect_output(query(id, &name, A))
                .and_then(|()| program.expect_exit(0))
                .teaches(
                    "Twelve bytes of header: id, flags with nothing but RD, four counts. Then each \
                     label behind its length, a zero, type and class. Numbers go high byte first: \
                     to_be_bytes.",
                )?;
        }
        Ok(())
    })
}

/// The same name for each type.
#[test]
fn each_type_has_its_number() -> Graded {
    check(|t| {
        let name = format!("{}.test", t.word(8));
        let odd = 256 + number(t) / 2;
        let types = [
            ("A", A),
            ("ns", NS),
            ("CNAME", CNAME),
            ("SOA", SOA),
            ("Mx", MX),
            ("TXT", TXT),
            ("AAAA", AAAA),
        ];
        let types = types.map(|(text, number)| (text.to_owned(), number));
        for (text, qtype) in types.into_iter().chain([(format!("TYPE{odd}"), odd)]) {
            let program = t.run(&["encode", &name, &text, "--id", "7"])?;
            program.expect_output(query(7, &name, qtype)).teaches(
                "The type is two bytes, all of them: Type holds the number (AAAA is 28, RFC 3596 \
                 2.1), and the class behind it is IN, 1.",
            )?;
        }
        Ok(())
    })
}

/// With the root's dot and without, and the root itself.
#[test]
fn the_last_dot_is_the_root() -> Graded {
    check(|t| {
        let id = number(t);
        let name = format!("{}.test", t.word(8));
        for text in [name.clone(), format!("{name}.")] {
            let program = t.run(&["encode", &text, "NS", "--id", &id.to_string()])?;
            program.expect_output(query(id, &name, NS)).teaches(
                "Behind the last dot stands the root's label, which is empty: it is the zero at \
                 the end, written or not, and never twice.",
            )?;
        }
        let mut root = query(id, "x", NS);
        root.splice(12..14, []);
        let program = t.run(&["encode", ".", "NS", "--id", &id.to_string()])?;
        program
            .expect_output(root)
            .teaches("The root has no label but its own: its name is one zero byte.")
    })
}
