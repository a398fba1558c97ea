//! The least that grading can cost: the compiler, then the checks, with as many at once, and no
//! box, no confinement, no verdicts, no records.

use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use sandbox::Level;
use testbench::settings;

use super::class::Class;
use crate::cli::ThroughputArgs;
use crate::course::lab::Lab;
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::grade::record::Submission;
use crate::grade::{Assignment, Grader, Manner};
use crate::slots::{Slots, cores, joined};
use crate::sources::pristine::{Files, Pristine};
use crate::sources::set::SourceSet;

/// As many checks of a suite at once as the judge runs.
const AT_ONCE: &str = "--test-threads=32";

/// A seed like any other.
const SEED: &str = "00c0ffee00c0ffee";

/// How long it takes for what was handed in for all labs, when all is ready.
pub(super) fn grade(
    workspace: &Workspace,
    classes: &[Class],
    args: &ThroughputArgs,
) -> Result<Duration> {
    let mut manner = Manner::from(&args.manner);
    manner.isolation = Some(Level::None);
    let labs: Vec<&Lab> = classes.iter().map(|class| &class.lab).collect();
    let grader = Grader::ready(workspace, &labs, &manner)?;
    let boxes = manner.slots();
    let mut programs = Vec::new();
    for class in classes {
        let lab = &class.lab;
        let pristine = Arc::new(Pristine::of(lab)?);
        let numbered = class.submissions.iter().enumerate();
        programs.extend(numbered.map(|(number, files)| (number, lab, pristine.clone(), files)));
    }
    // A submission's labs one after another, as the runner takes them.
    programs.sort_by_key(|(number, ..)| *number);
    let queue = Mutex::new(programs.into_iter());
    let began = Instant::now();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..manner.most_boxes() + cores())
            .map(|_| {
                scope.spawn(|| {
                    loop {
                        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                        match next {
                            Some((_, lab, pristine, files)) => {
                                one(&grader, lab, &pristine, files, &boxes)?;
                            }
                            None => return Ok(()),
                        }
                    }
                })
            })
            .collect();
        workers.into_iter().try_for_each(joined)
    })?;
    Ok(began.elapsed())
}

fn one(
    grader: &Grader,
    lab: &Lab,
    pristine: &Pristine,
    files: &Files,
    boxes: &Slots,
) -> Result<()> {
    let set = SourceSet::of_submission(lab, pristine, files.clone(), Vec::new());
    let program = grader.compile(&Assignment {
        submission: Submission::Workspace,
        lab,
        set: &set,
        pristine,
        seed: SEED,
        checks: Vec::new(),
        doomed: None,
    })?;
    thread::scope(|scope| {
        let suites: Vec<_> = grader
            .suites(lab)
            .iter()
            .map(|suite| {
                let program = &program;
                scope.spawn(move || {
                    let _slot = boxes.take();
                    Command::new(&suite.path)
                        .arg(AT_ONCE)
                        .env_clear()
                        .env(settings::PROGRAM, &program.program)
                        .env(settings::SOURCES, &program.sources)
                        .env(settings::SEED, SEED)
                        .stdin(Stdio::null())
                        .output()
                        .map(drop)
                        .map_err(|error| Fault::io("start", &suite.path, &error))
                })
            })
            .collect();
        suites.into_iter().try_for_each(joined)
    })
}
