//! Who is to blame when a check could not be judged: the course's own solution is tried between
//! two attempts of the submission.
//!
//! A grader's error costs no points, so a program must not be able to bring one about: by closing
//! the check's folder, say, or by filling it. Where the solution is judged and the submission,
//! before and after it, is not, the submission is the cause.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use testbench::record::{Attempt, Status};

use super::{Assignment, Grader};
use crate::compile::Compiled;
use crate::fault::Result;
use crate::judge::{Judge, Judged, Wanted};
use crate::sources::set::SourceSet;

/// The compiled solutions, by lab: made when the first is needed.
#[derive(Debug, Default)]
pub struct Controls {
    compiled: Mutex<BTreeMap<String, Arc<Compiled>>>,
}

impl Grader {
    /// Settles which checks of `judged` could not be judged because of `program`.
    ///
    /// # Errors
    /// The grader cannot do its work.
    pub(super) fn find_the_cause(
        &self,
        judge: &Judge<'_>,
        assignment: &Assignment<'_>,
        program: &Compiled,
        judged: &mut BTreeMap<String, Judged>,
    ) -> Result<()> {
        let unjudged = |judged: &BTreeMap<String, Judged>, id: &str| {
            judged
                .get(id)
                .is_some_and(|check| check.verdict.status == Status::GraderError)
        };
        let suspects: Vec<Wanted> = assignment
            .checks
            .iter()
            .filter(|check| unjudged(judged, &check.id))
            .map(|check| Wanted {
                id: check.id.clone(),
                visibility: check.visibility,
                second_try: false,
            })
            .collect();
        // A student's edition has no solution to compare with.
        if suspects.is_empty() || !assignment.lab.solution().is_dir() {
            return Ok(());
        }
        let suites = self.suites(assignment.lab);
        let solution = self.control(assignment)?;
        let control = judge.judge(&solution, suites, &suspects, &|_| ())?;
        let told: Vec<Wanted> = suspects
            .into_iter()
            .filter(|check| !unjudged(&control, &check.id))
            .collect();
        for (id, again) in judge.judge(program, suites, &told, &|_| ())? {
            if let Some(before) = judged.insert(id.clone(), again) {
                let check = judged.entry(id).and_modify(blamed);
                check.and_modify(|check| {
                    check.attempts.splice(0..0, attempts(before));
                });
            }
        }
        Ok(())
    }

    /// The compiled solution of the assignment's lab.
    fn control(&self, assignment: &Assignment<'_>) -> Result<Arc<Compiled>> {
        let lab = assignment.lab;
        let mut compiled = self
            .controls
            .compiled
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = compiled.get(&lab.name) {
            return Ok(Arc::clone(known));
        }
        let set = SourceSet::of_solution(lab)?;
        let solution =
            Arc::new(
                self.compiler
                    .compile(lab, &set, assignment.pristine, &self.work)?,
            );
        compiled.insert(lab.name.clone(), Arc::clone(&solution));
        Ok(solution)
    }
}

/// A check that still cannot be judged has failed, and says why.
fn blamed(check: &mut Judged) {
    let verdict = &mut check.verdict;
    if verdict.status == Status::GraderError {
        let happened = verdict.finding.happened.take().unwrap_or_default();
        verdict.status = Status::Fail;
        verdict.finding.happened = Some(format!(
            "{happened}; with the course's own solution this did not happen, so the program is the cause"
        ));
    }
}

/// All attempts of `check`, the last one too.
fn attempts(mut check: Judged) -> Vec<Attempt> {
    let last = Attempt {
        status: check.verdict.status,
        ms: check.verdict.ms,
        feedback: check.verdict.finding.feedback.take(),
    };
    check.attempts.push(last);
    check.attempts
}
