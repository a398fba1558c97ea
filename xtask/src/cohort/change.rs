//! What grading again has changed.

use testbench::record::{CheckRecord, LabRecord};

use crate::report::failure::word;

/// A line for each check of a lab whose status or points are others than before.
pub fn changes(id: &str, before: &LabRecord, after: &LabRecord) -> Vec<String> {
    let find = |lab: &'_ LabRecord, id: &str| -> Option<CheckRecord> {
        lab.checks.iter().find(|check| check.id == id).cloned()
    };
    let told = |check: Option<&CheckRecord>| match check {
        Some(check) => format!(
            "{} of {} ({})",
            check.points,
            check.max_points,
            word(check.status)
        ),
        None => "none".to_owned(),
    };
    let gone = before
        .checks
        .iter()
        .filter(|check| find(after, &check.id).is_none());
    let mut lines = Vec::new();
    for check in after.checks.iter().chain(gone) {
        let (old, new) = (find(before, &check.id), find(after, &check.id));
        let (old, new) = (told(old.as_ref()), told(new.as_ref()));
        if old != new {
            lines.push(format!("{id}: {}/{}: {old} -> {new}", after.id, check.id));
        }
    }
    if before.points != after.points {
        lines.push(format!(
            "{id}: {}: {} -> {} points",
            after.id, before.points, after.points
        ));
    }
    lines
}
