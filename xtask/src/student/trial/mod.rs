//! A trial: one's own work on a lab, compiled, and judged by checks that students have.

pub mod command;
pub mod page;

use testbench::record::{CheckRecord, LabRecord, Status};

use super::desk::Desk;
use crate::Outcome;
use crate::course::rubric::{Check, Stage};
use crate::fault::Result;
use crate::grade::record::{Submission, failed};
use crate::grade::{Assignment, Grader};

/// What a trial of one lab showed.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The lab's record, of the checks that were wanted.
    pub record: LabRecord,
    /// What the compiler warned of, as it renders it.
    pub warnings: Vec<String>,
}

impl Trial {
    /// Compiles what lies on `desk` and judges it by `checks`. `seen` is told how many more
    /// checks are done.
    ///
    /// # Errors
    /// The grader cannot do its work.
    pub fn run(
        grader: &Grader,
        desk: &Desk,
        checks: Vec<&Check>,
        seed: &str,
        seen: &(dyn Fn(usize) + Sync),
    ) -> Result<Self> {
        let assignment = Assignment {
            submission: Submission::Workspace,
            lab: &desk.lab,
            set: &desk.set,
            pristine: &desk.pristine,
            seed,
            checks,
            doomed: None,
        };
        let program = grader.compile(&assignment)?;
        let mut record = grader.judge(&assignment, &program, seen)?;
        for check in &mut record.checks {
            check.replay = check.replay.replacen("xtask grade", "xtask try", 1);
        }
        Ok(Self {
            record,
            warnings: program.warnings,
        })
    }

    /// The stages of `desk` that were tried.
    pub fn stages<'a>(&'a self, desk: &'a Desk) -> impl Iterator<Item = &'a Stage> {
        let tried = |stage: &&Stage| self.checks_of(stage).next().is_some();
        desk.lab.rubric.stages.iter().filter(tried)
    }

    /// What was judged of `stage`.
    pub fn checks_of(&self, stage: &Stage) -> impl Iterator<Item = &CheckRecord> {
        let checks = self.record.checks.iter();
        checks.filter(|check| check.stage == stage.name)
    }

    /// Whether the grader could not judge everything, or something failed.
    pub fn outcome(&self) -> Outcome {
        let any = |of: fn(Status) -> bool| self.record.checks.iter().any(|check| of(check.status));
        if any(|status| status == Status::GraderError) {
            Outcome::Incomplete
        } else if any(failed) {
            Outcome::Failed
        } else {
            Outcome::Done
        }
    }
}
