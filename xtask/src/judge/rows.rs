//! Which checks are tried again, and which of them together.

use std::collections::BTreeMap;

use testbench::record::Status;

use super::channel::Verdict;
use super::{Wanted, is_late};
use crate::toolchain::suite::Suite;

/// A check, and the suite that has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task<'a> {
    pub(super) check: &'a Wanted,
    pub(super) suite: &'a Suite,
}

/// Checks that are tried again one after another.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) tasks: Vec<Task<'a>>,
    /// Whether they are of a stage of which nothing passed.
    pub(super) hangs: bool,
}

/// The checks that run again: those of a stage that were late in one row, for they may well hang
/// together, each of the others by itself.
pub(super) fn by_cause<'a>(again: &[Task<'a>], first: &BTreeMap<String, Verdict>) -> Vec<Row<'a>> {
    let mut rows: BTreeMap<&str, Row<'a>> = BTreeMap::new();
    for task in again {
        let id = &task.check.id;
        let late = first.get(id).is_some_and(is_late);
        let (cause, hangs) = match stage_of(id) {
            Some(stage) if late => (stage, !works(stage, first)),
            _ => (id.as_str(), false),
        };
        let row = rows.entry(cause).or_insert_with(|| Row {
            tasks: Vec::new(),
            hangs,
        });
        row.tasks.push(*task);
    }
    rows.into_values().collect()
}

/// Whether a check of `stage` has passed.
fn works(stage: &str, first: &BTreeMap<String, Verdict>) -> bool {
    first
        .iter()
        .any(|(id, verdict)| stage_of(id) == Some(stage) && verdict.status == Status::Pass)
}

/// The module of a check: its stage's.
pub(super) fn stage_of(id: &str) -> Option<&str> {
    Some(id.split_once("::")?.0)
}

#[cfg(test)]
mod tests {
    use testbench::record::Visibility;

    use super::*;

    #[test]
    fn checks_of_a_stage_that_are_late_stand_in_one_row() {
        let suite = Suite {
            visibility: Visibility::Public,
            path: "checks".into(),
        };
        let wanted = |id: &str| Wanted {
            id: id.to_owned(),
            visibility: Visibility::Public,
            second_try: true,
        };
        let ids = [
            "echo::a", "echo::b", "echo::c", "lines::a", "lines::b", "many::a",
        ];
        let wanted = ids.map(wanted);
        let again: Vec<Task> = wanted
            .iter()
            .map(|check| Task {
                check,
                suite: &suite,
            })
            .collect();
        let told = [
            ("echo::a", Status::Timeout, 5000),
            ("echo::b", Status::Timeout, 5000),
            ("echo::c", Status::Fail, 2000),
            ("echo::d", Status::Fail, 1999),
            ("lines::a", Status::Timeout, 5000),
            ("lines::b", Status::GraderError, 5000),
            ("lines::c", Status::Pass, 5000),
        ];
        let first = told.map(|(id, status, ms)| {
            let mut verdict = Verdict::by_grader(status, String::new());
            verdict.ms = ms;
            (id.to_owned(), verdict)
        });
        let rows = by_cause(&again, &first.into());
        let seen: Vec<(Vec<&str>, bool)> = rows
            .iter()
            .map(|row| {
                let ids = row.tasks.iter().map(|task| task.check.id.as_str());
                (ids.collect(), row.hangs)
            })
            .collect();
        let expected = [
            (vec!["echo::a", "echo::b", "echo::c"], true),
            (vec!["lines::a"], false),
            (vec!["lines::b"], false),
            (vec!["many::a"], false),
        ];
        assert_eq!(seen, expected);
    }
}
