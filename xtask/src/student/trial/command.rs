//! `cargo xtask try`.

use std::collections::BTreeSet;
use std::thread;

use clap::Args;
use testbench::record::Visibility;

use super::{Trial, page};
use crate::Outcome;
use crate::cli::{MannerArgs, takes_colour};
use crate::course::rubric::Check;
use crate::course::selection::{Asked, Selection};
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::grade::{Grader, Manner, seed};
use crate::output::paint::Paint;
use crate::output::{print, progress};
use crate::slots::joined;
use crate::student::desk::{Desk, public};
use crate::student::progress::Progress;

/// What to try.
#[derive(Debug, Args)]
pub struct TryArgs {
    /// What to try; without, every stage that you have begun
    #[arg(value_name = "LAB[/STAGE[/CHECK]]")]
    select: Vec<String>,
    /// The seed of payloads and schedules, to repeat a run; without, a fresh one
    #[arg(long, value_name = "HEX")]
    seed: Option<String>,
    /// How to run things.
    #[command(flatten)]
    manner: MannerArgs,
}

/// Tries what was asked for, and tells the first failure in full.
///
/// # Errors
/// The selection means nothing, or the grader cannot do its work.
pub fn run(workspace: &Workspace, args: &TryArgs) -> Result<Outcome> {
    let seed = seed(args.seed.as_deref())?;
    let wanted = wanted(workspace, &args.select)?;
    let labs: Vec<_> = wanted.iter().map(|(desk, _)| &desk.lab).collect();
    let grader = Grader::ready(workspace, &labs, &Manner::from(&args.manner))?;
    let trials = each(&grader, &wanted, &seed)?;
    let mut progress = Progress::read(workspace)?;
    for (trial, (desk, _)) in trials.iter().zip(&wanted) {
        progress.note(desk, &trial.record);
    }
    progress.save()?;
    let paint = Paint::new(takes_colour());
    let told = page::Told {
        workspace,
        progress: &progress,
        watched: false,
        paint,
    };
    let tried: Vec<_> = wanted.iter().map(|(desk, _)| desk).zip(&trials).collect();
    let mut page = told.heading(&grader, &seed);
    page.below(&told.of_trials(&tried)?);
    print(&page.into_text())?;
    let outcomes = trials.iter().map(Trial::outcome);
    Ok(worst(outcomes))
}

/// The desks to try, and the checks of each.
fn wanted(workspace: &Workspace, select: &[String]) -> Result<Vec<(Desk, BTreeSet<String>)>> {
    if select.is_empty() {
        return begun(workspace);
    }
    let mut wanted = Vec::new();
    for Selection { lab, mut checks } in Selection::of(workspace, select)? {
        let known = |id: &String| {
            let mut all = lab.rubric.checks();
            all.any(|(_, check)| check.id == *id && check.visibility == Visibility::Public)
        };
        checks.retain(known);
        if !checks.is_empty() {
            wanted.push((Desk::of(lab)?, checks));
        }
    }
    if wanted.is_empty() {
        let asked = Asked::parse(&select[0]);
        return Err(Fault::usage(
            format!("`{}` has no public check", select[0]),
            format!(
                "hidden checks are for grading; try others: cargo xtask try {}",
                asked.lab
            ),
        ));
    }
    Ok(wanted)
}

/// Every stage that is begun; with none, the first of the course.
fn begun(workspace: &Workspace) -> Result<Vec<(Desk, BTreeSet<String>)>> {
    let desks = Desk::all(workspace)?;
    let mut wanted: Vec<(Desk, BTreeSet<String>)> = Vec::new();
    for desk in &desks {
        let stages = desk
            .lab
            .rubric
            .stages
            .iter()
            .filter(|stage| desk.begun(stage));
        let checks: BTreeSet<String> = stages
            .flat_map(public)
            .map(|check| check.id.clone())
            .collect();
        if !checks.is_empty() {
            wanted.push((desk.clone(), checks));
        }
    }
    if wanted.is_empty()
        && let Some((desk, stage)) = desks.into_iter().find_map(|desk| {
            desk.lab
                .rubric
                .stages
                .first()
                .cloned()
                .map(|stage| (desk, stage))
        })
    {
        let checks = public(&stage).map(|check| check.id.clone()).collect();
        wanted.push((desk, checks));
    }
    Ok(wanted)
}

/// Tries the labs side by side.
fn each(grader: &Grader, wanted: &[(Desk, BTreeSet<String>)], seed: &str) -> Result<Vec<Trial>> {
    let count = wanted.iter().map(|(_, checks)| checks.len()).sum();
    let bar = progress::bar(count, "checks");
    let seen = |done| bar.inc(done as u64);
    let trials = thread::scope(|scope| {
        let runs: Vec<_> = wanted
            .iter()
            .map(|(desk, ids)| {
                let all = desk.lab.rubric.checks().map(|(_, check)| check);
                let checks: Vec<&Check> = all.filter(|check| ids.contains(&check.id)).collect();
                let seen = &seen;
                scope.spawn(move || Trial::run(grader, desk, checks, seed, seen))
            })
            .collect();
        runs.into_iter().map(joined).collect()
    });
    bar.finish_and_clear();
    trials
}

/// What could not be judged weighs more than what failed, and that more than what passed.
fn worst(outcomes: impl Iterator<Item = Outcome>) -> Outcome {
    outcomes.fold(Outcome::Done, |worst, outcome| match (worst, outcome) {
        (Outcome::Incomplete, _) | (_, Outcome::Incomplete) => Outcome::Incomplete,
        (Outcome::Failed, _) | (_, Outcome::Failed) => Outcome::Failed,
        _ => Outcome::Done,
    })
}
