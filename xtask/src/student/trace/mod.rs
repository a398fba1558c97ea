//! `cargo xtask trace`: a check is run, and what happened is drawn.
//!
//! What passed on the wire is the check's own transcript. Where strace is installed and may trace,
//! the program's system calls stand beside it; such a program runs without box and confinement,
//! which would let nobody trace it.

mod calls;
mod errno;
mod ladder;

use std::collections::BTreeMap;
use std::fs;
use std::io::{IsTerminal, stdout};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use clap::Args;
use rustix::termios::tcgetwinsize;
use sandbox::Level;
use testbench::record::Status;

use super::desk::{Desk, public};
use super::trial::Trial;
use crate::Outcome;
use crate::cli::{MannerArgs, takes_colour};
use crate::course::rubric::{Check, Stage};
use crate::course::selection::{Asked, Selection};
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::grade::record::{Submission, failed};
use crate::grade::{Assignment, Grader, Manner, Trace, seed};
use crate::isolation;
use crate::output::page::Page;
use crate::output::paint::Paint;
use crate::output::plain::{line, lines, wrapped};
use crate::output::{print, progress};
use crate::report::failure::{WIDTH, in_full};
use crate::tools;
use calls::Call;
use ladder::Ladder;

/// The widest ladder: beyond that eyes lose the row.
const WIDEST: usize = 160;

/// What to trace.
#[derive(Debug, Args)]
pub struct TraceArgs {
    /// What to trace; without a check: the first of the stage that fails, or its first
    #[arg(value_name = "LAB/STAGE[/CHECK]")]
    select: String,
    /// Show every row, however many there are
    #[arg(long)]
    all: bool,
    /// Show no system calls, and isolate the program as usual
    #[arg(long)]
    no_calls: bool,
    /// The seed of payloads and schedules, to repeat a run; without, a fresh one
    #[arg(long, value_name = "HEX")]
    seed: Option<String>,
    /// How to run things.
    #[command(flatten)]
    manner: MannerArgs,
}

/// Runs a check, and draws what happened.
///
/// # Errors
/// The selection means no check, or the grader cannot do its work.
pub fn run(workspace: &Workspace, args: &TraceArgs) -> Result<Outcome> {
    let (desk, stage) = Desk::with_stage(workspace, &args.select)?;
    let named = named(workspace, &desk, args)?;
    let mut manner = Manner::from(&args.manner);
    let strace = if args.no_calls || manner.isolation.is_some_and(|level| level > Level::None) {
        None
    } else {
        strace()
    };
    if strace.is_some() {
        manner.isolation = Some(Level::None);
    }
    let seed = seed(args.seed.as_deref())?;
    let grader = Grader::ready(workspace, &[&desk.lab], &manner)?;
    let check = match named {
        Some(check) => check,
        None => first_to_fail(&grader, &desk, &stage, &seed)?,
    };
    let notice = progress::notice(&format!("running {} ...", check.id));
    let assignment = Assignment {
        submission: Submission::Workspace,
        lab: &desk.lab,
        set: &desk.set,
        pristine: &desk.pristine,
        seed: &seed,
        checks: vec![&check],
        doomed: None,
    };
    let program = grader.compile(&assignment)?;
    if program.broken.contains(&stage.name) {
        drop(notice);
        return not_compiled(&desk, &stage, &program.told.diagnostics);
    }
    let mut trace = grader.trace(&assignment, &program, &check, strace.as_deref())?;
    drop(notice);
    trace.record.replay = format!(
        "cargo xtask trace {}/{} --seed {seed}",
        desk.path(&stage),
        function(&check)
    );
    let calls = if strace.is_some() {
        calls_of(&trace)
    } else {
        Vec::new()
    };
    let paint = Paint::new(takes_colour());
    let mut page = Page::default();
    let told = isolation::line(&grader.isolation.described());
    page.row(paint.faint(&format!("isolation  {told}")));
    if strace.is_none() && !args.no_calls {
        page.row(
            paint.faint(
                "           no system calls: strace is not installed, or may not trace here",
            ),
        );
    }
    page.row(paint.faint(&format!("seed       {seed}")));
    page.blank();
    page.row(format!(
        "{}  {}",
        paint.head(&line(&check.id)),
        line(&check.title)
    ));
    page.blank();
    let ladder = Ladder {
        events: &trace.record.finding.transcript,
        calls: &calls,
        width: width(),
        whole: args.all,
    };
    page.append(&ladder.page(paint));
    page.below(&errors(&calls, paint));
    page.below(&verdict(&trace, paint));
    print(&page.into_text())?;
    Ok(match trace.record.status {
        Status::GraderError => Outcome::Incomplete,
        status if failed(status) => Outcome::Failed,
        _ => Outcome::Done,
    })
}

/// The check that was named, if one was.
fn named(workspace: &Workspace, desk: &Desk, args: &TraceArgs) -> Result<Option<Check>> {
    if Asked::parse(&args.select).leaf.is_none() {
        return Ok(None);
    }
    let selections = Selection::of(workspace, std::slice::from_ref(&args.select))?;
    let asked = |check: &&Check| selections.iter().any(|selection| selection.has(&check.id));
    let mut all = desk.lab.rubric.checks().map(|(_, check)| check);
    Ok(all.find(asked).cloned())
}

/// The first public check of `stage` that fails, or else its first.
fn first_to_fail(grader: &Grader, desk: &Desk, stage: &Stage, seed: &str) -> Result<Check> {
    let checks: Vec<&Check> = public(stage).collect();
    let Some(first) = checks.first().copied() else {
        return Err(Fault::usage(
            format!("{} has no public check", desk.path(stage)),
            format!("name a check: cargo xtask trace {}/CHECK", desk.path(stage)),
        ));
    };
    let notice = progress::notice(&format!("looking which check of {} fails ...", stage.name));
    let trial = Trial::run(grader, desk, checks.clone(), seed, &|_| ())?;
    drop(notice);
    let fails = trial.checks_of(stage).find(|check| failed(check.status));
    let found = fails.and_then(|fails| checks.into_iter().find(|check| check.id == fails.id));
    Ok(found.unwrap_or(first).clone())
}

/// A strace that may trace here.
fn strace() -> Option<PathBuf> {
    let path = tools::find("strace")?;
    let tried = Command::new(&path)
        .args(["-D", "-o", "/dev/null", "true"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    tried.is_ok_and(|status| status.success()).then_some(path)
}

/// The calls of all programs of the check, by its clock; threads and programs are numbered, if
/// there are several.
fn calls_of(trace: &Trace) -> Vec<Call> {
    let mut calls = Vec::new();
    for number in 0.. {
        let Some(text) = written(&trace.calls.join(format!("{number}"))) else {
            break;
        };
        calls.extend(calls::parse(&text));
    }
    let mut tasks: Vec<String> = Vec::new();
    for call in &mut calls {
        if !tasks.contains(&call.task) {
            tasks.push(call.task.clone());
        }
        call.at -= trace.began;
    }
    if tasks.len() > 1 {
        for call in &mut calls {
            let number = tasks
                .iter()
                .position(|task| *task == call.task)
                .unwrap_or(0)
                + 1;
            call.text = format!("{number}: {}", call.text);
        }
    }
    calls
}

/// What strace wrote; it has a moment to write the program's end.
fn written(path: &Path) -> Option<String> {
    let mut text = fs::read_to_string(path).ok()?;
    for _ in 0..50 {
        if text.trim_end().ends_with("+++") {
            break;
        }
        thread::sleep(Duration::from_millis(4));
        text = fs::read_to_string(path).ok()?;
    }
    Some(text)
}

/// The errors among `calls`, each explained once.
fn errors(calls: &[Call], paint: Paint) -> Page {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in calls.iter().filter_map(|call| call.errno.as_deref()) {
        *counts.entry(name).or_default() += 1;
    }
    let width = counts.keys().map(|name| name.len()).max().unwrap_or(0);
    let mut page = Page::default();
    for (name, count) in counts {
        let meaning = errno::meaning(name).unwrap_or_else(|| format!("see: man 3 errno, {name}"));
        let rows = wrapped(&meaning, WIDTH - width - 12);
        for (index, row) in rows.iter().enumerate() {
            let left = if index == 0 {
                format!(
                    "{:<width$}  {:>4}x",
                    paint.head(&format!("{name:<width$}")),
                    count
                )
            } else {
                " ".repeat(width + 7)
            };
            page.row(format!("  {left}  {row}"));
        }
    }
    page
}

/// How the check ended: a line, or the failure without the transcript, which is drawn above.
fn verdict(trace: &Trace, paint: Paint) -> Page {
    let mut check = trace.record.clone();
    check.finding.transcript.clear();
    if failed(check.status) {
        return in_full(&check, paint);
    }
    let mut page = Page::default();
    if check.status == Status::Pass {
        page.row(format!("  {}  {}", paint.good("pass"), line(&check.title)));
    } else {
        let happened = check.finding.happened.as_deref().unwrap_or_default();
        let rows = wrapped(&line(happened), WIDTH - 2);
        page.rows(rows.iter().map(|row| format!("  {row}")));
    }
    page.row(format!("  again     {}", line(&check.replay)));
    page
}

/// There is nothing to run: the compiler's words.
fn not_compiled(
    desk: &Desk,
    stage: &Stage,
    diagnostics: &[testbench::record::Diagnostic],
) -> Result<Outcome> {
    let mut page = Page::default();
    for error in diagnostics {
        if error.stage.as_ref().is_none_or(|name| *name == stage.name) {
            page.rows(lines(&error.text).lines());
            page.blank();
        }
    }
    page.row(format!(" next: mend {}", desk.shown(stage)));
    print(&page.into_text())?;
    Ok(Outcome::Failed)
}

/// The check's own name.
fn function(check: &Check) -> &str {
    check.id.rsplit("::").next().unwrap_or(&check.id)
}

/// As wide as the terminal; 80 where there is none.
fn width() -> usize {
    if !stdout().is_terminal() {
        return WIDTH;
    }
    let columns = tcgetwinsize(stdout()).map_or(0, |size| usize::from(size.ws_col));
    if columns < WIDTH {
        WIDTH
    } else {
        columns.min(WIDEST)
    }
}
