//! Each mistake fails as its header says, is told with its own words, and passes something.

use std::collections::BTreeSet;

use testbench::record::{CheckRecord, LabRecord, Status, Visibility};

use super::gate::Trouble;
use super::mistake::Mistake;
use super::programs::Rounds;
use crate::course::lab::Lab;
use crate::course::rubric::Stage;
use crate::grade::record::{counts, failed};
use crate::report::failure::word;

/// A mistake that was run, once or several times.
#[derive(Debug)]
pub struct Tried {
    /// The mistake.
    pub mistake: Mistake,
    /// What each round yielded: its seed and its record.
    pub rounds: Rounds,
}

impl Tried {
    /// What does not hold of this mistake by itself.
    pub fn troubles(&self) -> Vec<Trouble> {
        let mut troubles = Vec::new();
        for (round, (seed, record)) in self.rounds.iter().enumerate() {
            let found = self.round(seed, record);
            if round == 0 {
                troubles.extend(found);
            } else if let Some(first) = found.into_iter().next() {
                // One is enough: the others are told by the round that is run again.
                troubles.push(Trouble::new(
                    format!("in round {}: {}", round + 1, first.what),
                    first.remedy,
                ));
            }
        }
        troubles.extend(self.differing());
        troubles
    }

    fn round(&self, seed: &str, record: &LabRecord) -> Vec<Trouble> {
        let header = &self.mistake.header;
        let mut troubles = Vec::new();
        for check in &record.checks {
            let named = header.fails.contains(&check.id);
            let ended = format!("{} ends as `{}`", check.id, word(check.status));
            let what = match (named, failed(check.status)) {
                _ if check.status == Status::Skipped => continue,
                _ if header.perhaps.contains(&check.id) && counts(check.status) => continue,
                _ if !counts(check.status) => format!("{ended}: {}", happened(check)),
                (true, false) => format!("{} passes, and the header says that it fails", check.id),
                (false, true) => format!(
                    "{ended}, and the header does not name it: {}",
                    happened(check)
                ),
                _ => continue,
            };
            troubles.push(self.trouble(seed, &what, "mend the check, the mistake or the header"));
        }
        // All may come after the one that it is kept for, as after a first exchange.
        let one_cause = record
            .checks
            .iter()
            .all(|check| check.id == header.meant || check.because.is_some());
        let passes_one = record
            .checks
            .iter()
            .any(|check| check.status == Status::Pass);
        if !passes_one && !one_cause {
            let what = "it passes no check of its stage, so it proves little";
            troubles.push(self.trouble(seed, what, "make it wrong in one way only"));
        }
        let meant = record.checks.iter().find(|check| check.id == header.meant);
        if let Some(meant) = meant.filter(|check| failed(check.status)) {
            let feedback = meant.finding.feedback.as_deref().unwrap_or_default();
            if !says(feedback, &header.says) {
                let what = format!(
                    "`{}` is not in what {} says: {feedback}",
                    header.says, meant.id
                );
                troubles.push(self.trouble(
                    seed,
                    &what,
                    "mend the check's sentence, or the header's `says`",
                ));
            }
        }
        troubles
    }

    /// Rounds with other seeds have to fail the same checks.
    fn differing(&self) -> Option<Trouble> {
        let failures = |record: &LabRecord| -> BTreeSet<String> {
            let failed = record.checks.iter().filter(|check| failed(check.status));
            let ids: BTreeSet<String> = failed.map(|check| check.id.clone()).collect();
            &ids - &self.mistake.header.perhaps
        };
        let ((_, first), others) = self.rounds.split_first()?;
        let first = failures(first);
        let (seed, other) = others
            .iter()
            .find(|(_, record)| failures(record) != first)?;
        let other = failures(other);
        let differing: Vec<&str> = first
            .symmetric_difference(&other)
            .map(String::as_str)
            .collect();
        let what = format!("rounds differ in {}", differing.join(", "));
        Some(self.trouble(
            seed,
            &what,
            "make the check certain: wait for conditions, not for times",
        ))
    }

    /// Whether the check that it is meant for says its words.
    fn is_told_as_meant(&self) -> bool {
        let header = &self.mistake.header;
        self.rounds.iter().any(|(_, record)| {
            record.checks.iter().any(|check| {
                let feedback = check.finding.feedback.as_deref().unwrap_or_default();
                check.id == header.meant && says(feedback, &header.says)
            })
        })
    }

    fn trouble(&self, seed: &str, what: &str, remedy: &str) -> Trouble {
        let Mistake {
            id, shown, header, ..
        } = &self.mistake;
        let lab = self
            .rounds
            .first()
            .map_or("", |(_, record)| record.id.as_str());
        Trouble::new(
            format!("{shown}: {what}"),
            format!(
                "{remedy}; see it: cargo xtask verify {lab}/{}/{id} --seed {seed}",
                header.stage
            ),
        )
    }
}

/// Each mistake's words are said by no other check of its stage, whatever goes wrong. Where the
/// meant check does not say them, the header is wrong, and that is told already.
pub fn words_of_one_check_only(tried: &[Tried]) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    for Tried { mistake, .. } in tried.iter().filter(|tried| tried.is_told_as_meant()) {
        let header = &mistake.header;
        let elsewhere = tried
            .iter()
            .filter(|other| other.mistake.header.stage == header.stage)
            .flat_map(|other| other.rounds.iter().map(move |(_, record)| (other, record)))
            .flat_map(|(other, record)| record.checks.iter().map(move |check| (other, check)))
            .filter(|(_, check)| check.id != header.meant)
            .find(|(_, check)| {
                says(
                    check.finding.feedback.as_deref().unwrap_or_default(),
                    &header.says,
                )
            });
        if let Some((other, check)) = elsewhere {
            troubles.push(Trouble::new(
                format!(
                    "{}: {} says `{}`, too (of {})",
                    mistake.shown, check.id, header.says, other.mistake.shown
                ),
                format!("choose words that only {} says", header.meant),
            ));
        }
    }
    troubles
}

/// Each check of these stages is failed by some mistake, and each hidden one is what some mistake
/// is kept for.
pub fn each_check_can_fail<'a>(
    lab: &Lab,
    stages: impl Iterator<Item = &'a Stage>,
    mistakes: &[Mistake],
) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    for check in stages.flat_map(|stage| &stage.checks) {
        let id = &check.id;
        let (has_one, lack, key) = match check.visibility {
            Visibility::Hidden => (
                mistakes.iter().any(|mistake| mistake.header.meant == *id),
                "is meant for the hidden check",
                "meant",
            ),
            Visibility::Public => (
                mistakes
                    .iter()
                    .any(|mistake| mistake.header.fails.contains(id)),
                "fails the public check",
                "fails",
            ),
        };
        if !has_one {
            troubles.push(Trouble::new(
                format!("no mistake {lack} {id}"),
                format!(
                    "keep one in solutions/{}/mistakes, with `{key}: {id}`",
                    lab.name
                ),
            ));
        }
    }
    troubles
}

fn happened(check: &CheckRecord) -> &str {
    check
        .finding
        .happened
        .as_deref()
        .unwrap_or("nothing is known")
}

/// Whether `feedback` holds `words`, however its rows are broken.
fn says(feedback: &str, words: &str) -> bool {
    let joined = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    joined(feedback).contains(&joined(words))
}
