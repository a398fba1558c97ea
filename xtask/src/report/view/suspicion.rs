//! What an instructor should look at: nothing here is proof, and nothing costs a point.

use std::collections::BTreeMap;

use testbench::record::{CheckRecord, Record};

use super::text::Text;
use crate::cohort::signs::signs;

/// The signal by which a program ends that calls what seccomp refuses it.
const REFUSED: &str = "SIGSYS";

/// What of a record is worth a look.
pub fn suspicions(record: &Record) -> Vec<Text<'static>> {
    let refused = |check: &&CheckRecord| {
        let program = check.finding.program.as_ref();
        program.is_some_and(|program| program.exit.contains(REFUSED))
    };
    let told = |what: &str, lab: &str, check: &CheckRecord| {
        Text::of(format!("{what} in {lab}/{}", check.id))
    };
    let mut found = Vec::new();
    for lab in &record.labs {
        let first = lab.checks.iter().find(refused);
        found.extend(first.map(|check| told("a refused system call ended it", &lab.id, check)));
        let first = signs(lab).next();
        found.extend(first.map(|check| told("words of a grader", &lab.id, check)));
    }
    found
}

/// Students whose stage files of a lab are the same, byte for byte. Where nobody has a point,
/// they are mostly untouched stubs, and not listed.
#[derive(Debug, Default)]
pub struct SameSources(BTreeMap<(String, String), Vec<String>>);

impl SameSources {
    /// Notes the sources of a submission.
    pub fn note(&mut self, record: &Record) {
        for lab in record.labs.iter().filter(|lab| lab.points > 0) {
            let key = (lab.id.clone(), lab.sources.digest.clone());
            self.0
                .entry(key)
                .or_default()
                .push(record.submission.clone());
        }
    }

    /// Adds what another has noted.
    pub fn merge(&mut self, other: Self) {
        for (key, submissions) in other.0 {
            self.0.entry(key).or_default().extend(submissions);
        }
    }

    /// What was found: lab, and who.
    pub fn found(&self) -> Vec<(Text<'_>, Vec<Text<'_>>)> {
        let shared = self.0.iter().filter_map(|((lab, _), submissions)| {
            let mut submissions: Vec<Text> = submissions.iter().map(Text::of).collect();
            submissions.sort();
            submissions.dedup();
            (submissions.len() > 1).then(|| (Text::of(lab), submissions))
        });
        let mut found: Vec<_> = shared.collect();
        found.sort();
        found
    }
}
