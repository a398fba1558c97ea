//! What a student has reached: `progress.toml`, a small text file to be kept in git.

pub mod command;
pub mod page;

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use testbench::record::{LabRecord, Status};

use super::desk::{Desk, points, public};
use crate::course::rubric::Stage;
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::grade::clock::rfc3339;
use crate::grade::record::counts;

/// The file's name.
pub const FILE: &str = "progress.toml";

const HEAD: &str = "\
# What you have reached so far: written by `cargo xtask try`, `watch` and `hint`,
# shown by `cargo xtask progress`. Keep it in git; it is no part of your grade.

";

/// What was reached, by lab and stage.
#[derive(Debug, Clone)]
pub struct Progress {
    path: PathBuf,
    labs: BTreeMap<String, BTreeMap<String, Reached>>,
}

/// What was reached of one stage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reached {
    /// How many hints were shown.
    #[serde(skip_serializing_if = "is_zero")]
    pub hints: usize,
    /// When it was tried last, RFC 3339, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    tried: Option<String>,
    /// The state of the file that was tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// Checks that passed in that state.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    passed: Vec<String>,
    /// Checks that this machine could not run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    skipped: Vec<String>,
}

/// How far a stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its file is what was handed out.
    ToDo,
    /// Something is written, and not every public check passes.
    Begun,
    /// What is written now was not tried yet; something else was.
    Changed,
    /// Every public check that can run here passes.
    Done,
}

impl Progress {
    /// Reads what was reached; nothing, if there is no file.
    ///
    /// # Errors
    /// The file cannot be read or is not what was written.
    pub fn read(workspace: &Workspace) -> Result<Self> {
        let path = workspace.root.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Fault::io("read", &path, &error)),
        };
        let labs = toml::from_str(&text).map_err(|error| {
            let line = error
                .span()
                .map_or(1, |span| 1 + text[..span.start].matches('\n').count());
            Fault::usage(
                format!("{FILE}:{line}: {}", error.message().trim_end()),
                format!("mend that line, or delete the file: rm {FILE}; `cargo xtask try` writes it anew"),
            )
        })?;
        Ok(Self { path, labs })
    }

    /// Writes it, if it says anything else than the file; beside its place first, so that
    /// nobody reads half of it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn save(&self) -> Result<()> {
        let failed = |error: &std::io::Error| Fault::io("write", &self.path, error);
        let text = toml::to_string(&self.labs).map_err(|error| {
            Fault::grader(
                format!("{FILE} cannot be written: {error}"),
                "tell whoever keeps this course",
            )
        })?;
        let nothing = text.is_empty() && !self.path.exists();
        let text = format!("{HEAD}{text}");
        if nothing || fs::read_to_string(&self.path).is_ok_and(|there| there == text) {
            return Ok(());
        }
        let beside = beside(&self.path);
        fs::write(&beside, text).map_err(|error| failed(&error))?;
        fs::rename(&beside, &self.path).map_err(|error| failed(&error))
    }

    /// What was reached of `stage`.
    pub fn of(&self, desk: &Desk, stage: &Stage) -> Reached {
        let lab = self.labs.get(&desk.lab.name);
        lab.and_then(|lab| lab.get(&stage.name))
            .cloned()
            .unwrap_or_default()
    }

    /// What was reached of `stage`, to be changed.
    pub fn of_mut(&mut self, desk: &Desk, stage: &Stage) -> &mut Reached {
        let lab = self.labs.entry(desk.lab.name.clone()).or_default();
        lab.entry(stage.name.clone()).or_default()
    }

    /// Whether any stage of the lab on `desk` is begun or done.
    pub fn has_begun(&self, desk: &Desk) -> bool {
        let mut stages = desk.lab.rubric.stages.iter();
        stages.any(|stage| self.state(desk, stage) != State::ToDo)
    }

    /// How far `stage` is.
    pub fn state(&self, desk: &Desk, stage: &Stage) -> State {
        if !desk.begun(stage) {
            return State::ToDo;
        }
        let reached = self.of(desk, stage);
        match reached.source {
            None => State::Begun,
            Some(source) if source != desk.digest(stage) => State::Changed,
            Some(_) => {
                let settled =
                    |id: &String| reached.passed.contains(id) || reached.skipped.contains(id);
                if public(stage).all(|check| settled(&check.id)) {
                    State::Done
                } else {
                    State::Begun
                }
            }
        }
    }

    /// Points of the public checks that passed when the stage was tried last.
    pub fn points(&self, desk: &Desk, stage: &Stage) -> u32 {
        let reached = self.of(desk, stage);
        points(public(stage).filter(|check| reached.passed.contains(&check.id)))
    }

    /// Notes what a trial of `desk` showed. What is known of the same state of a file stays.
    pub fn note(&mut self, desk: &Desk, record: &LabRecord) {
        let now = rfc3339(SystemTime::now());
        for stage in &desk.lab.rubric.stages {
            let judged: Vec<_> = record
                .checks
                .iter()
                .filter(|check| check.stage == stage.name)
                // The grader's fault says nothing about the program.
                .filter(|check| check.status == Status::Skipped || counts(check.status))
                .collect();
            // A stub that was tried is no work of anybody's.
            if judged.is_empty() || !desk.begun(stage) {
                continue;
            }
            let source = desk.digest(stage);
            let reached = self.of_mut(desk, stage);
            if reached.source.as_ref() != Some(&source) {
                reached.passed.clear();
                reached.skipped.clear();
            }
            for check in judged {
                reached.passed.retain(|id| *id != check.id);
                reached.skipped.retain(|id| *id != check.id);
                match check.status {
                    Status::Pass => reached.passed.push(check.id.clone()),
                    Status::Skipped => reached.skipped.push(check.id.clone()),
                    _ => {}
                }
            }
            reached.passed.sort();
            reached.skipped.sort();
            reached.source = Some(source);
            reached.tried = Some(now.clone());
        }
    }

    /// Forgets what trials of `stage` showed; hints that were seen stay seen.
    pub fn forget(&mut self, desk: &Desk, stage: &Stage) {
        let reached = self.of_mut(desk, stage);
        *reached = Reached {
            hints: reached.hints,
            ..Reached::default()
        };
    }
}

/// A new name in the same folder.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}", std::process::id()))
}

// The signature is serde's.
#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn is_zero(count: &usize) -> bool {
    *count == 0
}
