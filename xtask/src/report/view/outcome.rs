//! How a student did in a check, in as few words as a cohort's page needs: no payload.

use testbench::record::{CheckRecord, Record, Status, Visibility};

use super::super::data::standing::{Points, of_check};
use crate::grade::record::failed;
use crate::report::stage::todo;

/// Which check: its lab and its id.
pub type CheckKey = (String, String);

/// How a student did in a check.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The check.
    pub key: CheckKey,
    /// Its stage.
    pub stage: String,
    /// Its title.
    pub title: String,
    /// Whether only the instructor has its text.
    pub hidden: bool,
    /// How it ended.
    pub status: Status,
    /// Its points, as the check gave them.
    pub points: Points,
    /// How long it took.
    pub ms: u64,
    /// Whether it failed at first and was tried again.
    pub tried_again: bool,
    /// The sentence that teaches, of one that failed otherwise than by its stub's `todo!`.
    pub sentence: Option<String>,
    /// Whether another failure explains this one.
    pub behind: bool,
}

/// Every outcome of a record.
pub fn outcomes(record: &Record) -> Vec<Outcome> {
    let checks = record
        .labs
        .iter()
        .flat_map(|lab| lab.checks.iter().map(move |check| (lab.id.as_str(), check)));
    checks.map(|(lab, check)| outcome(lab, check)).collect()
}

fn outcome(lab: &str, check: &CheckRecord) -> Outcome {
    let sentence = check.finding.feedback.as_ref();
    Outcome {
        key: (lab.to_owned(), check.id.clone()),
        stage: check.stage.clone(),
        title: check.title.clone(),
        hidden: check.visibility == Visibility::Hidden,
        status: check.status,
        points: of_check(check),
        ms: check.ms,
        tried_again: !check.attempts.is_empty(),
        sentence: sentence
            .filter(|_| failed(check.status) && todo(check).is_none())
            .cloned(),
        behind: check.because.is_some(),
    }
}
