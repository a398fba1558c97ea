//! Signs that a program tried to pass for the grader.

use testbench::record::{CheckRecord, LabRecord};

/// What only somebody writes who hopes that a grader reads it: results of test runners, of this
/// one, of CI, and what begins to steer the terminal of whoever looks at it (escaped by then): CSI,
/// OSC and DCS (ECMA-48, 8.3.16, 8.3.89 and 8.3.27). An escape alone is a byte like others, which a
/// program that answers with binary data may well send.
const SIGNS: [&str; 11] = [
    "test result: ok",
    "socket-labs/record",
    "\"line\":\"end\"",
    "\\\"line\\\":\\\"end\\\"",
    "::notice",
    "::set-output",
    "</testcase>",
    "]]>",
    "\\x1b[",
    "\\x1b]",
    "\\x1bP",
];

/// The checks of `lab` in which the program wrote such a thing.
pub fn signs(lab: &LabRecord) -> impl Iterator<Item = &CheckRecord> {
    lab.checks.iter().filter(|check| {
        let program = check.finding.program.as_ref();
        let said = program.map(|end| [Some(&end.stderr_head), end.stderr_tail.as_ref()]);
        let seen = check.finding.seen.as_ref();
        let mut texts = said.into_iter().flatten().chain([seen]).flatten();
        texts.any(|text| is_sign(text))
    })
}

fn is_sign(text: &str) -> bool {
    SIGNS.iter().any(|sign| text.contains(sign))
}

#[cfg(test)]
mod tests {
    use testbench::bytes::{escape, escape_lines};

    use super::*;

    #[test]
    fn what_steers_a_terminal_is_a_sign_and_binary_data_is_none() {
        for said in [
            "\x1b[2J",
            "\x1b]52;c;ZXZpbA==\x07",
            "\x1bPtmux;\x1b\\",
            "\x1e{\"line\":\"end\",\"status\":\"pass\"}",
        ] {
            assert!(is_sign(&escape_lines(said.as_bytes())), "{said:?}");
            assert!(is_sign(&escape(said.as_bytes())), "{said:?}");
        }
        let every_byte: Vec<u8> = (0..=255).collect();
        assert!(!is_sign(&escape(&every_byte)));
    }
}
