//! Signs that a program tried to pass for the grader.

use testbench::record::{CheckRecord, LabRecord};

/// What only somebody writes who hopes that a grader reads it: results of test runners, of this
/// one, of CI, and what would steer the terminal of whoever looks at it (escaped by then).
const SIGNS: [&str; 9] = [
    "test result: ok",
    "socket-labs/record",
    "\"line\":\"end\"",
    "\\\"line\\\":\\\"end\\\"",
    "::notice",
    "::set-output",
    "</testcase>",
    "]]>",
    "\\x1b",
];

/// The checks of `lab` in which the program wrote such a thing.
pub fn signs(lab: &LabRecord) -> impl Iterator<Item = &CheckRecord> {
    lab.checks.iter().filter(|check| {
        let program = check.finding.program.as_ref();
        let said = program.map(|end| [Some(&end.stderr_head), end.stderr_tail.as_ref()]);
        let seen = check.finding.seen.as_ref();
        let mut texts = said.into_iter().flatten().chain([seen]).flatten();
        texts.any(|text| SIGNS.iter().any(|sign| text.contains(sign)))
    })
}
