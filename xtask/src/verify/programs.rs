//! Programs to run: right ones, which score in full, and what each run yields.

use std::fs;
use std::path::PathBuf;

use testbench::record::{CheckRecord, LabRecord, Status};

use super::gate::{Passage, Trouble};
use crate::compile::Compiled;
use crate::course::lab::Lab;
use crate::fault::{Fault, Result};
use crate::report::failure::word;
use crate::report::stage::counted;

/// The folders of other right programs, by name.
///
/// # Errors
/// They cannot be listed.
pub fn alternatives(lab: &Lab) -> Result<Vec<PathBuf>> {
    let folder = lab.solution_folder().join("alternatives");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let failed = |error: &std::io::Error| Fault::io("read", &folder, error);
    let mut folders = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|error| failed(&error))? {
        let path = entry.map_err(|error| failed(&error))?.path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

/// What is wrong with how `shown` compiled.
pub fn compiled_well(shown: &str, program: &Compiled, warnings_matter: bool) -> Vec<Trouble> {
    let errors = program.told.diagnostics.iter().map(|diagnostic| {
        Trouble::new(
            format!("{shown} does not compile:\n{}", diagnostic.text),
            "mend it: what is kept here compiles",
        )
    });
    let warnings = program
        .warnings
        .iter()
        .filter(|_| warnings_matter)
        .map(|warning| {
            Trouble::new(
                format!("{shown} compiles with a warning:\n{}", warning.trim_end()),
                "mend it: learners read warnings",
            )
        });
    errors.chain(warnings).collect()
}

/// Every check of `record` passed, or was skipped on this machine; `see` says what to type to see
/// a failure.
pub fn scored_in_full(
    shown: &str,
    record: &LabRecord,
    see: impl Fn(&CheckRecord) -> String,
) -> Vec<Trouble> {
    let right = |check: &&CheckRecord| matches!(check.status, Status::Pass | Status::Skipped);
    let wrong = record.checks.iter().filter(|check| !right(check));
    wrong
        .map(|check| {
            let happened = check
                .finding
                .happened
                .as_deref()
                .unwrap_or("nothing is known");
            Trouble::new(
                format!(
                    "{shown} is right, and {} ends as `{}`: {happened}",
                    check.id,
                    word(check.status)
                ),
                format!("mend the check, or the program; see it: {}", see(check)),
            )
        })
        .collect()
}

/// A passage over right programs.
pub fn passage(records: &[LabRecord], programs: usize, troubles: Vec<Trouble>) -> Passage {
    let checks: usize = records.iter().map(|record| record.checks.len()).sum();
    let all = records.iter().flat_map(|record| &record.checks);
    let skipped = all.filter(|check| check.status == Status::Skipped).count();
    let mut looked_at = format!(
        "{}, {}",
        counted(programs, "program"),
        counted(checks, "check")
    );
    if skipped > 0 {
        looked_at = format!("{looked_at}, {skipped} skipped");
    }
    Passage {
        looked_at,
        troubles,
    }
}
