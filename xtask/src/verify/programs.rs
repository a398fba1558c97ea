//! Programs to run: right ones, which score in full, and what each run yields.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use testbench::record::{CheckRecord, LabRecord, Status};

use super::gate::{Passage, Trouble};
use super::looks::Looked;
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

/// What a program yielded, once or several times: the seed of each round, and its record.
pub type Rounds = Vec<(String, LabRecord)>;

/// Every check passed in every round, or was skipped on this machine; one that did not is told
/// once. `see` says what to type to see a failure again, given its round's seed.
pub fn scored_in_full(
    shown: &str,
    rounds: &Rounds,
    see: impl Fn(&CheckRecord, &str) -> String,
) -> Vec<Trouble> {
    let mut told = BTreeSet::new();
    let mut troubles = Vec::new();
    for (round, (seed, record)) in (1..).zip(rounds) {
        for check in &record.checks {
            let right = matches!(check.status, Status::Pass | Status::Skipped);
            if right || !told.insert(&check.id) {
                continue;
            }
            let round = match round {
                1 => String::new(),
                later => format!("in round {later}: "),
            };
            let happened = check
                .finding
                .happened
                .as_deref()
                .unwrap_or("nothing is known");
            troubles.push(Trouble::new(
                format!(
                    "{round}{shown} is right, and {} ends as `{}`: {happened}",
                    check.id,
                    word(check.status)
                ),
                format!(
                    "mend the check, or the program; see it: {}",
                    see(check, seed)
                ),
            ));
        }
    }
    troubles
}

/// A passage over right programs.
pub fn passage(looked: Looked<Rounds>, rounds: usize) -> Passage {
    let programs = looked.results;
    let firsts = programs.iter().filter_map(|rounds| rounds.first());
    let checks: Vec<&CheckRecord> = firsts.flat_map(|(_, record)| &record.checks).collect();
    let skipped = checks
        .iter()
        .filter(|check| check.status == Status::Skipped)
        .count();
    let mut looked_at = format!(
        "{}, {}",
        counted(programs.len(), "program"),
        counted(checks.len(), "check")
    );
    if skipped > 0 {
        looked_at = format!("{looked_at}, {skipped} skipped");
    }
    Passage {
        looked_at: in_rounds(looked_at, rounds),
        troubles: looked.troubles,
        once: looked.once,
    }
}

/// What was looked at, in how many rounds, if there was more than one.
pub fn in_rounds(looked_at: String, rounds: usize) -> String {
    if rounds > 1 {
        format!("{looked_at}, {}", counted(rounds, "round"))
    } else {
        looked_at
    }
}
