//! Judging a program: each suite of checks runs once, in a box of its own.
//!
//! What an abort or a hang left open runs again, each check in a box of its own; so does a
//! check that ran out of time, failed late or could not be judged, for a neighbour or a busy
//! machine may have been the cause, and then the second verdict stands. A check that does not
//! come to its end even then has run out of time. One without a verdict is the grader's error,
//! never a pass.
//!
//! Where a stage is late, not all of its checks are tried again, so that a class of hanging
//! programs is graded within bounds: two of them settle it, and if nothing of the stage has
//! passed, one, in a box with one of each other such stage.

pub mod channel;
mod rows;

use std::collections::BTreeMap;
use std::path::Path;
use std::thread;
use std::time::Duration;

use sandbox::Limits;
use testbench::allowance::{Allowance, Allowances};
use testbench::record::{Attempt, Finding, Status, Visibility};

use crate::child::{self, Bounds, Ended};
use crate::compile::Compiled;
use crate::fault::{Fault, Result};
use crate::isolation::{CheckJob, Isolation, Traced};
use crate::slots::{Slots, joined};
use crate::stop::{Stop, interrupted};
use crate::toolchain::suite::{Suite, name_of};
use channel::{Channel, Verdict};
use rows::{Row, Task, by_cause, stage_of};

/// More checks at once than this are no faster.
const MOST_AT_ONCE: usize = 32;

/// A box whose checks have not ended by then hangs; each check's own deadlines are shorter.
const BOX_LIMIT: Duration = Duration::from_secs(120);

/// The same for a check that is alone in its box.
const ALONE_LIMIT: Duration = Duration::from_secs(90);

/// A check that fails later than this has waited, and what it waited for may have been late only
/// because the machine was busy: a server that found a client silent for too long, say.
const LATE: Duration = Duration::from_secs(2);

/// When so many checks of a stage have been late alone, too, neither the machine nor a
/// neighbour is the cause.
const CONFIRMED: usize = 2;

/// What judges every submission of a run.
#[derive(Debug)]
pub struct Judge<'a> {
    /// What is around the checks.
    pub isolation: &'a Isolation,
    /// How many boxes at once; checks wait more than they compute.
    pub slots: &'a Slots,
    /// For programs that may use up what all boxes of a user share: one person's at a time. None
    /// where all are one person's.
    pub turn: Option<&'a Slots>,
    /// The seed of payloads and schedules.
    pub seed: &'a str,
    /// What the lab's stages are allowed beyond the default.
    pub allowed: Allowances,
    /// Whether somebody wants all to end.
    pub stop: &'a Stop,
}

/// A check that is to be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its id.
    pub id: String,
    /// Whose suite it is in.
    pub visibility: Visibility,
    /// Whether it is tried once more when it runs out of time or fails late.
    pub second_try: bool,
}

/// What became of a check.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The verdict that stands.
    pub verdict: Verdict,
    /// Those before it.
    pub attempts: Vec<Attempt>,
}

impl Judge<'_> {
    /// Judges `program` by the `wanted` checks of `suites`; one answer for each, by its id.
    /// `seen` is told each check that is done.
    ///
    /// # Errors
    /// A box cannot be started at all.
    pub fn judge(
        &self,
        program: &Compiled,
        suites: &[Suite],
        wanted: &[Wanted],
        seen: &(dyn Fn(usize) + Sync),
    ) -> Result<BTreeMap<String, Judged>> {
        let mut judged = BTreeMap::new();
        let mut tasks = Vec::new();
        for check in wanted {
            let mut suites = suites.iter();
            match suites.find(|suite| suite.visibility == check.visibility) {
                Some(suite) => tasks.push(Task { check, suite }),
                None => _ = judged.insert(check.id.clone(), elsewhere()),
            }
        }
        let (in_turn, free): (Vec<_>, Vec<_>) = tasks
            .into_iter()
            .partition(|task| self.takes_turns(&task.check.id));
        thread::scope(|scope| {
            let free = scope.spawn(|| self.group(program, &free, seen));
            let turn = self.turn.filter(|_| !in_turn.is_empty());
            let turn = turn.map(Slots::take);
            judged.extend(self.group(program, &in_turn, seen)?);
            drop(turn);
            judged.extend(joined(free)?);
            Ok(judged)
        })
    }

    /// Some checks, first together, then alone what needs it.
    fn group(
        &self,
        program: &Compiled,
        tasks: &[Task<'_>],
        seen: &(dyn Fn(usize) + Sync),
    ) -> Result<BTreeMap<String, Judged>> {
        let first = self.together(program, tasks)?;
        let settled = |task: &Task<'_>| match first.get(&task.check.id) {
            Some(verdict) if verdict.status == Status::GraderError => false,
            Some(verdict) => !(task.check.second_try && is_late(verdict)),
            None => false,
        };
        let (done, again): (Vec<Task>, Vec<Task>) = tasks.iter().partition(|task| settled(task));
        seen(done.len());
        let mut judged: BTreeMap<String, Judged> = done
            .into_iter()
            .map(|task| &task.check.id)
            .filter_map(|id| Some((id.clone(), Judged::once(first.get(id)?))))
            .collect();
        let mut rows = by_cause(&again, &first);
        judged.extend(self.hanging(program, &mut rows, &first, seen)?);
        let alone = thread::scope(|scope| {
            let rows: Vec<_> = rows
                .into_iter()
                .map(|row| {
                    let first = &first;
                    scope.spawn(move || self.in_a_row(program, &row, first, seen))
                })
                .collect();
            rows.into_iter().map(joined).collect::<Vec<_>>()
        });
        for row in alone {
            judged.extend(row?);
        }
        Ok(judged)
    }

    /// All `tasks`, those of a suite in one box: their verdicts, as far as they came to one.
    fn together(
        &self,
        program: &Compiled,
        tasks: &[Task<'_>],
    ) -> Result<BTreeMap<String, Verdict>> {
        let mut suites: BTreeMap<&Path, (&Suite, Vec<&str>)> = BTreeMap::new();
        for Task { check, suite } in tasks {
            let (_, ids) = suites
                .entry(&suite.path)
                .or_insert_with(|| (suite, Vec::new()));
            ids.push(&check.id);
        }
        let runs = thread::scope(|scope| {
            let runs: Vec<_> = suites
                .into_values()
                .map(|(suite, ids)| {
                    scope.spawn(move || self.run(program, suite, &ids, BOX_LIMIT, None))
                })
                .collect();
            runs.into_iter().map(joined).collect::<Vec<_>>()
        });
        let mut verdicts = BTreeMap::new();
        for run in runs {
            let (channel, _) = run?;
            verdicts.extend(channel.verdicts);
        }
        Ok(verdicts)
    }

    /// Tries one check of each stage that seems to hang again, all of these in one box: if it is late
    /// among so few, too, its stage hangs, and the first verdicts of the others stand.
    /// Gives what is settled by that, and takes it out of the `rows`.
    fn hanging(
        &self,
        program: &Compiled,
        rows: &mut [Row<'_>],
        first: &BTreeMap<String, Verdict>,
        seen: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<(String, Judged)>> {
        let samples: Vec<Task> = rows
            .iter()
            .filter(|row| row.hangs)
            .filter_map(|row| row.tasks.first().copied())
            .collect();
        let second = self.together(program, &samples)?;
        let mut judged = Vec::new();
        for row in rows.iter_mut().filter(|row| row.hangs) {
            let Some(Task { check, .. }) = row.tasks.first() else {
                continue;
            };
            let Some(verdict) = second.get(&check.id) else {
                continue;
            };
            let settled = match verdict.status {
                Status::GraderError => 0,
                _ if is_late(verdict) => row.tasks.len(),
                _ => 1,
            };
            for Task { check, .. } in row.tasks.drain(..settled) {
                let id = &check.id;
                let check = match (second.get(id), first.get(id)) {
                    (Some(second), first) => Judged::once(second).after(first),
                    (None, Some(first)) => Judged::once(first),
                    (None, None) => continue,
                };
                judged.push((id.clone(), check));
            }
        }
        seen(judged.len());
        Ok(judged)
    }

    /// Checks one after another, each in a box of its own, until it is plain that their stage
    /// hangs: then the first verdicts of the others stand.
    fn in_a_row(
        &self,
        program: &Compiled,
        row: &Row<'_>,
        first: &BTreeMap<String, Verdict>,
        seen: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<(String, Judged)>> {
        let mut confirmed = 0;
        let mut judged = Vec::new();
        for Task { check, suite } in &row.tasks {
            let id = &check.id;
            let check = match first.get(id) {
                Some(verdict) if confirmed >= CONFIRMED => Judged::once(verdict),
                first => {
                    let second = self.alone(program, suite, id)?;
                    confirmed += usize::from(is_late(&second.verdict));
                    second.after(first)
                }
            };
            seen(1);
            judged.push((id.clone(), check));
        }
        Ok(judged)
    }

    /// Whether programs of this check's stage may use up what all boxes of a user share:
    /// descriptors on their way through sockets (unix(7), `ETOOMANYREFS`).
    fn takes_turns(&self, id: &str) -> bool {
        let mut allowed = self.allowed.iter();
        self.turn.is_some()
            && allowed.any(|(stage, allowed)| {
                Some(stage.replace('-', "_").as_str()) == stage_of(id)
                    && allowed.contains(&Allowance::PassDescriptors)
            })
    }

    /// One check in a box of its own.
    fn alone(&self, program: &Compiled, suite: &Suite, id: &str) -> Result<Judged> {
        let (mut channel, ended) = self.run(program, suite, &[id], ALONE_LIMIT, None)?;
        Ok(Judged::once(&alone(&mut channel, ended, suite, id)))
    }

    /// One check alone, with more told than its verdict, and when its clock began, in milliseconds
    /// since 1970.
    ///
    /// # Errors
    /// A box cannot be started at all.
    pub fn trace(
        &self,
        program: &Compiled,
        suite: &Suite,
        id: &str,
        traced: &Traced,
    ) -> Result<(Judged, f64)> {
        let (mut channel, ended) = self.run(program, suite, &[id], ALONE_LIMIT, Some(traced))?;
        let verdict = alone(&mut channel, ended, suite, id);
        let began = channel.begun.get(id).copied().unwrap_or_default();
        Ok((Judged::once(&verdict), began))
    }

    /// Runs the checks `ids` in a box, until `limit`, and listens to their verdicts.
    fn run(
        &self,
        program: &Compiled,
        suite: &Suite,
        ids: &[&str],
        limit: Duration,
        traced: Option<&Traced>,
    ) -> Result<(Channel, Ended)> {
        let _slot = self.slots.take();
        let mut command = self.isolation.checks(&CheckJob {
            checks: &suite.path,
            program: &program.program,
            sources: &program.sources,
            seed: self.seed,
            allowed: &self.allowed,
            traced,
        })?;
        command.args(ids.iter().map(|id| test_name(id)));
        command.arg("--exact").arg(format!(
            "--test-threads={}",
            ids.len().clamp(1, MOST_AT_ONCE)
        ));
        let mut channel = Channel::default();
        let bounds = Bounds {
            patience: limit,
            limits: &Limits::none(),
            stop: self.stop,
        };
        let ended = child::run(&mut command, &bounds, |piece| channel.hear(piece));
        let ended = ended.map_err(|error| match error.kind() {
            std::io::ErrorKind::Interrupted => interrupted(),
            _ => cannot_start(&suite.path, &error),
        })?;
        if ended.out_of_time {
            channel.hear(format!("stopped after {limit:?}\n").as_bytes());
        }
        Ok((channel, ended))
    }
}

impl Judged {
    /// Settled at the first attempt.
    pub fn once(verdict: &Verdict) -> Self {
        Self {
            verdict: verdict.clone(),
            attempts: Vec::new(),
        }
    }

    /// As it is, behind the verdict before it.
    fn after(mut self, first: Option<&Verdict>) -> Self {
        self.attempts.extend(first.map(|first| Attempt {
            status: first.status,
            ms: first.ms,
            feedback: said(first),
        }));
        self
    }
}

/// What a verdict says in a sentence: why, if it was the grader's own fault.
fn said(verdict: &Verdict) -> Option<String> {
    let Finding {
        feedback, happened, ..
    } = &verdict.finding;
    match verdict.status {
        Status::GraderError => feedback.clone().or_else(|| happened.clone()),
        _ => feedback.clone(),
    }
}

/// Whether it may be the machine that was too slow, and not the program.
fn is_late(verdict: &Verdict) -> bool {
    match verdict.status {
        Status::Timeout => true,
        Status::Fail => u128::from(verdict.ms) >= LATE.as_millis(),
        _ => false,
    }
}

/// The verdict of a check that ran alone.
fn alone(channel: &mut Channel, ended: Ended, suite: &Suite, id: &str) -> Verdict {
    match channel.verdicts.remove(id) {
        Some(verdict) => verdict,
        // Alone with the program, and its own waits all have an end: the program kept it busy.
        None if ended.out_of_time && channel.begun.contains_key(id) => kept_busy(),
        None => no_verdict(suite, id, &channel.complaints()),
    }
}

/// What libtest calls the check `id`: a module whose name is a word of the language is written, and
/// listed, as `r#abstract`.
fn test_name(id: &str) -> String {
    /// The words that may well name a stage.
    const RESERVED: [&str; 8] = [
        "abstract", "box", "final", "loop", "match", "move", "try", "yield",
    ];
    let module = id.split("::").next().unwrap_or_default();
    if RESERVED.contains(&module) {
        format!("r#{id}")
    } else {
        id.to_owned()
    }
}

/// A check that its program kept from coming to an end.
fn kept_busy() -> Verdict {
    let seconds = ALONE_LIMIT.as_secs();
    let happened = format!("the program kept the check busy, which had no end after {seconds} s");
    Verdict::by_grader(Status::Timeout, happened)
}

/// A check that left no verdict: the grader's error.
fn no_verdict(suite: &Suite, id: &str, complaints: &str) -> Verdict {
    let happened = match complaints {
        "" => format!(
            "{id} left no verdict; is there a test of that name in tests/{}?",
            name_of(suite.visibility)
        ),
        _ => format!("{id} left no verdict; its process said: {complaints}"),
    };
    Verdict::by_grader(Status::GraderError, happened)
}

/// A check whose suite this edition does not have.
fn elsewhere() -> Judged {
    let told = "hidden, graded by your instructor";
    Judged::once(&Verdict::by_grader(Status::Skipped, told.to_owned()))
}

impl Verdict {
    /// A verdict that no check told.
    pub fn by_grader(status: Status, happened: String) -> Self {
        Self {
            status,
            ms: 0,
            finding: Finding {
                happened: Some(happened),
                ..Finding::default()
            },
        }
    }
}

fn cannot_start(checks: &Path, error: &std::io::Error) -> Fault {
    Fault::grader(
        format!(
            "the checks cannot be started ({}): {error}",
            checks.display()
        ),
        "cargo xtask install-tools, or ask for less isolation: --isolation confine",
    )
}
