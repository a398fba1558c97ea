//! The verdict channel: what a check process writes to its stderr.
//!
//! A verdict is one JSON text between a record separator and a line feed (RFC 7464). All
//! other bytes are complaints of the process itself, kept for the text of a grader error.

use std::collections::BTreeMap;

use testbench::record::{Finding, Line, Status};

/// Before each verdict.
const SEPARATOR: u8 = 0x1e;

/// The longest line that is read, in bytes; a finding is far shorter.
const LINE: usize = 4 * 1024 * 1024;

/// How much of the complaints is kept, in bytes.
const COMPLAINTS: usize = 4096;

/// A check's verdict, as its process told it.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// How it ended.
    pub status: Status,
    /// How long it took.
    pub ms: u64,
    /// What it found out.
    pub finding: Finding,
}

/// What was heard of one check process so far.
#[derive(Debug, Default)]
pub struct Channel {
    /// The verdicts by check; the first of each stands.
    pub verdicts: BTreeMap<String, Verdict>,
    /// When the clock of each check that has begun began, in milliseconds since 1970, UTC.
    pub begun: BTreeMap<String, f64>,
    complaints: Vec<u8>,
    /// The line under way, without its separator.
    line: Option<Vec<u8>>,
}

impl Channel {
    /// Reads on, however the bytes are cut.
    pub fn hear(&mut self, piece: &[u8]) {
        for &byte in piece {
            match (&mut self.line, byte) {
                (_, SEPARATOR) => self.line = Some(Vec::new()),
                (Some(_), b'\n') => self.end_line(),
                (Some(line), _) if line.len() < LINE => line.push(byte),
                (None, _) if self.complaints.len() < COMPLAINTS => self.complaints.push(byte),
                _ => {}
            }
        }
    }

    fn end_line(&mut self) {
        let line = self.line.take().unwrap_or_default();
        match serde_json::from_slice(&line) {
            Ok(Line::End {
                id,
                status,
                ms,
                finding,
            }) => {
                let verdict = Verdict {
                    status,
                    ms,
                    finding: *finding,
                };
                self.verdicts.entry(id).or_insert(verdict);
            }
            Ok(Line::Start { id, began }) => _ = self.begun.entry(id).or_insert(began),
            Err(error) => {
                let told = format!("a verdict that is none: {error}\n");
                let room = COMPLAINTS
                    .saturating_sub(self.complaints.len())
                    .min(told.len());
                self.complaints.extend_from_slice(&told.as_bytes()[..room]);
            }
        }
    }

    /// What else the process said.
    pub fn complaints(&self) -> String {
        String::from_utf8_lossy(&self.complaints).trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(id: &str, status: &str) -> Vec<u8> {
        let json = format!(
            "{{\"line\":\"end\",\"id\":\"{id}\",\"status\":\"{status}\",\"ms\":3,\"finding\":{{\"feedback\":\"why\",\"transcript\":[]}}}}\n"
        );
        [&[SEPARATOR], json.as_bytes()].concat()
    }

    #[test]
    fn verdicts_are_found_among_other_bytes_however_they_are_cut() {
        let text = [
            b"thread 'x' panicked\n".to_vec(),
            end("a::b", "fail"),
            b"\xff".to_vec(),
            end("a::c", "pass"),
        ]
        .concat();
        for size in 1..text.len() {
            let mut channel = Channel::default();
            text.chunks(size).for_each(|piece| channel.hear(piece));
            assert_eq!(channel.verdicts.len(), 2, "pieces of {size}");
            assert_eq!(
                channel.verdicts["a::b"].finding.feedback.as_deref(),
                Some("why")
            );
            assert!(channel.complaints().starts_with("thread 'x' panicked"));
        }
    }

    #[test]
    fn a_second_verdict_on_the_same_check_is_not_believed() {
        let mut channel = Channel::default();
        channel.hear(&end("a::b", "fail"));
        channel.hear(&end("a::b", "pass"));
        assert_eq!(channel.verdicts["a::b"].status, Status::Fail);
    }

    #[test]
    fn a_line_that_was_cut_off_is_no_verdict() {
        let mut channel = Channel::default();
        let line = end("a::b", "pass");
        channel.hear(&line[..line.len() - 1]);
        assert!(channel.verdicts.is_empty());
        channel.hear(&end("a::c", "pass"));
        assert_eq!(channel.verdicts.len(), 1);
    }

    #[test]
    fn a_text_that_is_no_verdict_is_a_complaint() {
        let mut channel = Channel::default();
        channel.hear(b"\x1e{\"line\":\"end\"}\n");
        assert!(channel.complaints().contains("a verdict that is none"));
    }
}
