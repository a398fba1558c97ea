//! `cargo xtask throughput`: how fast and how large grading a class is, against less careful ways.
//!
//! For who works on the grader. Everything is measured in one run on one machine, so that ratios
//! mean something where times do not.

mod bare;
mod class;
mod run;

use std::path::Path;
use std::slice;
use std::time::Duration;

use crate::Outcome;
use crate::cli::{Measure, ThroughputArgs};
use crate::course::lab::Lab;
use crate::course::selection::Selection;
use crate::course::workspace::Workspace;
use crate::fault::Result;
use crate::output::print;
use crate::report::stage::counted;
use crate::work::WorkFolder;
use class::Class;
use run::Run;

/// How many submissions stand for few, and how many for many, where memory is measured.
const FEW_AND_MANY: (usize, usize) = (100, 2000);

/// Measures what was asked for.
///
/// # Errors
/// The grader cannot do its work.
pub fn measure(workspace: &Workspace, args: &ThroughputArgs) -> Result<Outcome> {
    let selections = Selection::of(workspace, &args.labs)?;
    let labs: Vec<Lab> = selections
        .into_iter()
        .map(|selection| selection.lab)
        .collect();
    let work = WorkFolder::new()?;
    match args.measure {
        Measure::Rates => rates(workspace, &labs, args, &work)?,
        Measure::Memory => memory(&labs, args, &work)?,
        Measure::Hanging => hanging(&labs, args, &work)?,
    }
    Ok(Outcome::Done)
}

/// This way, the bare compiler with bare checks, and `cargo test`.
fn rates(
    workspace: &Workspace,
    labs: &[Lab],
    args: &ThroughputArgs,
    work: &WorkFolder,
) -> Result<()> {
    let folder = work.fresh("class")?;
    let mut classes = Vec::new();
    for lab in labs {
        let class = Class::of_known_programs(lab, args.submissions)?;
        class.hand_in(&folder)?;
        classes.push(class);
    }
    let out = work.fresh("out")?;
    let ours = Run::grade(&folder, &out, labs, args)?.took;
    let again = Run::grade(&folder, &out, labs, args)?.took;
    let bare = bare::grade(workspace, &classes, args)?;
    let programs = args.submissions * labs.len();
    print(&format!(
        "{programs} programs: {} submissions, each of {}\n\n\
         ours             {}  {:>6.2} of bare\n\
         ours, unchanged  {}  {:>6.2} % of the first time\n\
         bare             {}\n",
        args.submissions,
        counted(labs.len(), "lab"),
        seconds(ours),
        share(ours, bare),
        seconds(again),
        100.0 * share(again, ours),
        seconds(bare),
    ))?;
    if args.sample == 0 {
        return Ok(());
    }
    let mut took = Duration::ZERO;
    for number in 0..args.sample {
        let lab = &labs[number % labs.len()];
        let class = Class::of_known_programs(lab, number + 1)?;
        took += run::cargo_test(workspace, lab, &class, number, work)?;
    }
    let one = took.as_secs_f64() / f64::from(u32::try_from(args.sample).unwrap_or(u32::MAX));
    let all =
        Duration::from_secs_f64(one).saturating_mul(u32::try_from(programs).unwrap_or(u32::MAX));
    print(&format!(
        "cargo test       {}  {:>6.1} times ours: {one:.1} s for a program, of {} tried\n",
        seconds(all),
        share(all, ours),
        args.sample,
    ))
}

/// The memory of a large class against that of a small one.
fn memory(labs: &[Lab], args: &ThroughputArgs, work: &WorkFolder) -> Result<()> {
    let (few, many) = FEW_AND_MANY;
    for lab in labs {
        for count in [few, many] {
            let class = Class::of_known_programs(lab, count)?;
            let run = alone(lab, &class, args, work)?;
            print(&format!(
                "{:<16} {count:>5} submissions  {}  peak memory {} KiB\n",
                lab.name,
                seconds(run.took),
                run.peak_kib
            ))?;
        }
    }
    Ok(())
}

/// A class whose programs answer nothing against one whose programs are right.
fn hanging(labs: &[Lab], args: &ThroughputArgs, work: &WorkFolder) -> Result<()> {
    for lab in labs {
        let classes = [
            ("right", Class::of_solutions(lab, args.submissions)?),
            ("hanging", Class::that_hangs(lab, args.submissions)?),
        ];
        for (what, class) in classes {
            let run = alone(lab, &class, args, work)?;
            print(&format!(
                "{:<16} {:>5} {what:<8} submissions  {}\n",
                lab.name,
                args.submissions,
                seconds(run.took)
            ))?;
        }
    }
    Ok(())
}

/// Grades a class that handed in one lab.
fn alone(lab: &Lab, class: &Class, args: &ThroughputArgs, work: &WorkFolder) -> Result<Run> {
    let folder = work.fresh("class")?;
    class.hand_in(&folder)?;
    Run::grade(&folder, &work.fresh("out")?, slice::from_ref(lab), args)
}

/// How much of `other` one is.
fn share(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

fn seconds(time: Duration) -> String {
    format!("{:>7.1} s", time.as_secs_f64())
}

/// Where a file of a class goes.
fn source_folder(folder: &Path, lab: &Lab) -> std::path::PathBuf {
    folder.join("labs").join(&lab.name).join("src")
}
