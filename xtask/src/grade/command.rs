//! `cargo xtask grade`: this workspace, or its solutions.

use std::thread;
use std::time::SystemTime;

use testbench::record::{LabRecord, Record, Status, Visibility};

use super::record::{Frame, Submission};
use super::{Assignment, Grader, Manner, seed};
use crate::Outcome;
use crate::cli::{Format, GradeArgs, takes_colour};
use crate::course::selection::Selection;
use crate::course::workspace::{STUDENT, Workspace};
use crate::fault::{Fault, Result};
use crate::output::paint::Paint;
use crate::output::{print, progress};
use crate::report::human::{Titles, human};
use crate::slots::joined;
use crate::sources::pristine::Pristine;
use crate::sources::set::SourceSet;

/// Grades what was asked for and tells the result on stdout.
///
/// # Errors
/// The selection means nothing, or the grader cannot do its work.
pub fn grade(workspace: &Workspace, args: &GradeArgs) -> Result<Outcome> {
    let graded_at = SystemTime::now();
    let selections = Selection::of(workspace, &args.select)?;
    let seed = seed(args.seed.as_deref())?;
    let labs: Vec<_> = selections.iter().map(|selection| &selection.lab).collect();
    let grader = Grader::ready(workspace, &labs, &Manner::from(&args.manner))?;
    let submission = if args.solutions {
        Submission::Solutions
    } else {
        Submission::Workspace
    };
    let labs = each_lab(&grader, submission, &seed, &selections)?;
    let frame = Frame::of(workspace, &grader, &seed)?;
    let record = frame.record(submission.name(), graded_at, labs);
    tell(&record, &selections, &grader, args.format)?;
    outcome(&record, args.fail_under)
}

/// Grades the labs side by side; their records are in the order of the course.
fn each_lab(
    grader: &Grader,
    submission: Submission,
    seed: &str,
    selections: &[Selection],
) -> Result<Vec<LabRecord>> {
    let count = selections
        .iter()
        .map(|selection| selection.checks.len())
        .sum();
    let bar = progress::bar(count, "checks");
    let records = thread::scope(|scope| {
        let runs: Vec<_> = selections
            .iter()
            .map(|selection| {
                let bar = &bar;
                scope.spawn(move || {
                    one_lab(grader, submission, seed, selection, &|done| {
                        bar.inc(done as u64);
                    })
                })
            })
            .collect();
        runs.into_iter().map(joined).collect()
    });
    bar.finish_and_clear();
    records
}

fn one_lab(
    grader: &Grader,
    submission: Submission,
    seed: &str,
    selection: &Selection,
    seen: &(dyn Fn(usize) + Sync),
) -> Result<LabRecord> {
    let lab = &selection.lab;
    let pristine = Pristine::of(lab)?;
    let set = match submission {
        Submission::Workspace => SourceSet::of_workspace(lab, &pristine)?,
        Submission::Solutions => SourceSet::of_solution(lab)?,
    };
    let checks = lab.rubric.checks().map(|(_, check)| check);
    let assignment = Assignment {
        submission,
        lab,
        set: &set,
        pristine: &pristine,
        seed,
        checks: checks.filter(|check| selection.has(&check.id)).collect(),
        doomed: None,
    };
    let program = grader.compile(&assignment)?;
    grader.judge(&assignment, &program, seen)
}

fn tell(record: &Record, selections: &[Selection], grader: &Grader, format: Format) -> Result<()> {
    let text = match format {
        Format::Human => {
            let rubrics = selections.iter().map(|selection| &selection.lab);
            let titles = Titles::of(rubrics.map(|lab| (lab.name.as_str(), &lab.rubric)));
            human(
                record,
                &titles,
                &grader.isolation.notes(),
                Paint::new(takes_colour()),
            )
        }
        Format::Json => json(record)?,
    };
    print(&text)
}

/// The record as JSON text.
///
/// # Errors
/// It holds something that JSON cannot; no record does.
pub fn json(record: &Record) -> Result<String> {
    let text = serde_json::to_string_pretty(record).map_err(|error| {
        Fault::grader(
            format!("the record cannot be written as JSON: {error}"),
            "tell whoever keeps this course",
        )
    })?;
    Ok(text + "\n")
}

/// Grading that finds faults is done; grading that could not judge is not.
fn outcome(record: &Record, fail_under: Option<u32>) -> Result<Outcome> {
    let mut checks = record.labs.iter().flat_map(|lab| &lab.checks);
    if checks.any(|check| check.status == Status::GraderError) {
        return Ok(Outcome::Incomplete);
    }
    let mut checks = record.labs.iter().flat_map(|lab| &lab.checks);
    if record.edition == STUDENT && checks.all(|check| check.visibility == Visibility::Hidden) {
        return Err(Fault::usage(
            "students do not have the hidden checks: your instructor runs them",
            "cargo xtask try: what you have begun, by the checks that you have",
        ));
    }
    if record.max_points == 0 {
        return Err(Fault::grader(
            "no check could be judged on this machine, so there is no grade",
            "mend what the checks lack, as told above, or grade on another machine",
        ));
    }
    let reached = u64::from(record.points) * 100;
    let wanted = u64::from(fail_under.unwrap_or(0)) * u64::from(record.max_points);
    Ok(if reached < wanted {
        Outcome::Failed
    } else {
        Outcome::Done
    })
}
