//! A failure in plain lines, for the formats that take nothing but text.

use testbench::bytes;

use super::failure::word;
use super::view::evidence::{Evidence, Step};
use super::view::student_page::CheckPage;
use crate::output::plain::shortened;

/// How many steps of a transcript are told, from its beginning and from its end.
const STEPS: (usize, usize) = (8, 16);

/// How many lines of stderr are told.
const STDERR: usize = 12;

/// How many characters of a step's bytes are told.
const BYTES: usize = 64;

/// What a check found out, as far as it may be seen: evidence, then the lesson.
pub fn explained(check: &CheckPage) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(because) = &check.because {
        lines.push(format!("Fails behind: {because}"));
        return lines;
    }
    if let Some(happened) = &check.happened {
        lines.push(happened.to_string());
    }
    if let Some(evidence) = &check.evidence {
        add_evidence(&mut lines, evidence);
    }
    if let Some(sentence) = &check.sentence {
        lines.push(sentence.to_string());
    }
    if let Some(void) = &check.void {
        lines.push(format!("Void, its points are given back: {void}"));
    }
    for (status, ms) in &check.attempts {
        lines.push(format!(
            "an earlier attempt: {}, after {ms} ms",
            word(*status)
        ));
    }
    let address = check.notes.address();
    let notes = address.as_ref().unwrap_or(&check.notes.path);
    lines.push(format!("read on   {notes}"));
    if let Some(replay) = &check.replay {
        lines.push(format!("again     {replay}"));
    }
    lines
}

fn add_evidence(lines: &mut Vec<String>, evidence: &Evidence) {
    for (label, text) in [("expected", &evidence.expected), ("seen", &evidence.seen)] {
        if let Some(text) = text {
            lines.push(format!("{label:<9} \"{text}\""));
        }
    }
    if let Some(at) = evidence.differs_at {
        lines.push(format!("they differ from byte {at} on"));
    }
    let (head, tail) = STEPS;
    let steps = &evidence.transcript;
    if steps.len() <= head + tail + 1 {
        lines.extend(steps.iter().map(step));
    } else {
        lines.extend(steps[..head].iter().map(step));
        lines.push(format!("... {} more steps ...", steps.len() - head - tail));
        lines.extend(steps[steps.len() - tail..].iter().map(step));
    }
    if let Some(exit) = &evidence.exit {
        lines.push(format!("program   {exit}"));
    }
    let said = evidence.stderr.iter().take(STDERR);
    lines.extend(said.map(|said| format!("stderr    | {said}")));
    if evidence.stderr.len() > STDERR {
        lines.push(format!(
            "stderr    | ... {} more lines",
            evidence.stderr.len() - STDERR
        ));
    }
}

/// `12.3 ms  client -> program  sends 6 bytes "ADD 2 "`
fn step(step: &Step) -> String {
    let to = step
        .to
        .as_ref()
        .map_or(String::new(), |to| format!(" -> {to}"));
    let mut line = format!("{:>8.1} ms  {}{to}  {}", step.ms, step.from, step.event);
    if let Some(len) = step.len {
        line = format!("{line} {}", bytes::count(len));
    }
    if let Some(sent) = &step.bytes {
        line = format!("{line} \"{}\"", shortened(sent.as_str(), BYTES));
    }
    if step.on_purpose && !line.contains("on purpose") {
        line.push_str(" (on purpose)");
    }
    line
}
