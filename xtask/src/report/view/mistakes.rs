//! The commonest mistakes of a cohort, by the sentence that students were told.

use std::collections::{BTreeMap, BTreeSet};

use super::outcome::{CheckKey, Outcome};
use super::text::Text;
use crate::grade::record::failed;

/// A mistake, and how common it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommonMistake<'a> {
    /// The sentence.
    pub sentence: Text<'a>,
    /// How many students were told it.
    pub students: usize,
    /// The checks that told it.
    pub checks: Vec<Text<'a>>,
}

/// What is known of a sentence so far.
#[derive(Debug, Default)]
struct Told<'a> {
    students: BTreeSet<usize>,
    checks: BTreeSet<&'a CheckKey>,
}

/// Every sentence that was told, the commonest first. A failure that another one explains
/// is no mistake of its own.
pub fn common_mistakes<'a>(
    students: impl IntoIterator<Item = &'a [Outcome]>,
) -> Vec<CommonMistake<'a>> {
    let mut told: BTreeMap<&str, Told<'a>> = BTreeMap::new();
    for (student, outcomes) in students.into_iter().enumerate() {
        let of_their_own = outcomes
            .iter()
            .filter(|outcome| failed(outcome.status) && !outcome.behind);
        for outcome in of_their_own {
            if let Some(sentence) = outcome.sentence.as_deref() {
                let told = told.entry(sentence).or_default();
                told.students.insert(student);
                told.checks.insert(&outcome.key);
            }
        }
    }
    let mut mistakes: Vec<CommonMistake> = told
        .into_iter()
        .map(|(sentence, told)| CommonMistake {
            sentence: Text::of(sentence),
            students: told.students.len(),
            checks: told
                .checks
                .iter()
                .map(|(lab, id)| Text::of(format!("{lab}: {id}")))
                .collect(),
        })
        .collect();
    mistakes.sort_by(|left, right| {
        right
            .students
            .cmp(&left.students)
            .then_with(|| left.sentence.cmp(&right.sentence))
    });
    mistakes
}
