//! Stage `encode`: the limits of labels and names.

use testbench::prelude::*;

use crate::messages::{A, number, query};

/// A name of `length` bytes on the wire, of long labels from the seed.
fn name_of(t: &Bench, length: usize) -> String {
    // Each label and its length byte; the root has one more.
    let mut left = length - 1;
    let mut labels = Vec::new();
    while left > 0 {
        // No rest of a single byte: that would be an empty label.
        let size = if left == 65 { 62 } else { left.min(64) };
        labels.push(t.word(size - 1));
        left -= size;
    }
    labels.join(".")
}

/// It is encoded as it should be.
fn expect_encoded(t: &Bench, name: &str) -> Outcome {
    let id = number(t);
    let program = t.run(&["encode", name, "A", "--id", &id.to_string()])?;
    program.expect_output(query(id, name.strip_suffix('.').unwrap_or(name), A))
}

/// It is refused.
fn expect_refused(t: &Bench, name: &str) -> Outcome {
    let program = t.run(&["encode", "--id", "7", "--", name, "A"])?;
    program.expect_output("")?;
    program.expect_failure(1)
}

/// 63 bytes, then 64; and 192, which would be a pointer.
#[test]
fn a_label_has_63_bytes_at_the_most() -> Graded {
    check(|t| {
        expect_encoded(t, &format!("{}.test", t.word(63)))
            .teaches("63 bytes are allowed: the first two bits of the length byte stay zero.")?;
        for length in [64, 192, 250] {
            expect_refused(t, &format!("a.{}.test", t.word(length))).teaches(
                "A length byte over 63 is no length: its first two bits mean other things, 192 and \
                 more a pointer (RFC 1035 4.1.4). Refuse the label.",
            )?;
        }
        Ok(())
    })
}

/// 255 bytes on the wire, then 256, with the last dot and without.
#[test]
fn a_name_has_255_bytes_at_the_most() -> Graded {
    check(|t| {
        let lesson = "Count what goes over the wire: every label with its length byte, and the \
                      root's zero. 255 of those are allowed (RFC 1035 2.3.4), 253 characters without \
                      the last dot.";
        for end in ["", "."] {
            expect_encoded(t, &(name_of(t, 255) + end)).teaches(lesson)?;
            for length in [256, 257, 400] {
                expect_refused(t, &(name_of(t, length) + end)).teaches(lesson)?;
            }
        }
        let many = vec!["a"; 127].join(".");
        expect_encoded(t, &many).teaches(lesson)?;
        expect_refused(t, &format!("{many}.a")).teaches(lesson)
    })
}

/// Empty labels in every place, no name at all, and characters that no label here has.
#[test]
fn what_is_no_name_is_refused() -> Graded {
    check(|t| {
        expect_encoded(t, "a.b")?;
        for name in ["a..b", ".a", "..", "a.b..", ".a.", ""] {
            expect_refused(t, name).teaches(
                "An empty label ends a name: in the middle of one it would cut off the rest. Only \
                 the root's is empty, behind the last dot.",
            )?;
        }
        for name in ["größer.test", "a b", "a\\b", "tab\there"] {
            expect_refused(t, name).teaches(
                "Such a character has no place in a plain name: refuse it rather than send bytes \
                 that nobody meant.",
            )?;
        }
        expect_encoded(t, "_dmarc.x-1.test.")
            .teaches("DNS itself forbids no printable character: _dmarc is a label in wide use.")
    })
}
