//! Judging a program: each suite of checks runs once, in a box of its own.
//!
//! What an abort or a hang left open runs again, each check in a box of its own; so does a
//! check that ran out of time or could not be judged, for a neighbour in the same box may have
//! been the cause, and then the second verdict stands. A check that does not come to its end
//! even then has run out of time. One without a verdict is the grader's error, never a pass.
//!
//! Where a stage hangs, two checks of it are tried again: that settles it, and a class of hanging
//! programs is graded within bounds.

pub mod channel;

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

/// More checks at once than this are no faster.
const MOST_AT_ONCE: usize = 32;

/// A box whose checks have not ended by then hangs; each check's own deadlines are shorter.
const BOX_LIMIT: Duration = Duration::from_secs(120);

/// The same for a check that is alone in its box.
const ALONE_LIMIT: Duration = Duration::from_secs(90);

/// When so many checks of a stage have run out of time alone, too, the machine is not the cause.
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
    /// Whether it is tried once more when it runs out of time.
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
        let halves = thread::scope(|scope| {
            let halves: Vec<_> = [Visibility::Public, Visibility::Hidden]
                .into_iter()
                .map(|visibility| {
                    let of_suite = wanted.iter().filter(|check| check.visibility == visibility);
                    let checks: Vec<&Wanted> = of_suite.collect();
                    let suite = suites.iter().find(|suite| suite.visibility == visibility);
                    scope.spawn(move || match suite {
                        Some(suite) => self.suite(program, suite, &checks, seen),
                        None => Ok(elsewhere(&checks)),
                    })
                })
                .collect();
            halves.into_iter().map(joined).collect::<Vec<_>>()
        });
        for half in halves {
            judged.extend(half?);
        }
        Ok(judged)
    }

    /// All `checks` of one suite.
    fn suite(
        &self,
        program: &Compiled,
        suite: &Suite,
        checks: &[&Wanted],
        seen: &(dyn Fn(usize) + Sync),
    ) -> Result<BTreeMap<String, Judged>> {
        let (in_turn, free): (Vec<&Wanted>, Vec<&Wanted>) =
            checks.iter().partition(|check| self.takes_turns(&check.id));
        thread::scope(|scope| {
            let free = scope.spawn(|| self.group(program, suite, &free, seen));
            let turn = self.turn.filter(|_| !in_turn.is_empty());
            let turn = turn.map(Slots::take);
            let mut judged = self.group(program, suite, &in_turn, seen)?;
            drop(turn);
            judged.extend(joined(free)?);
            Ok(judged)
        })
    }

    /// Some checks of one suite, first together, then alone what needs it.
    fn group(
        &self,
        program: &Compiled,
        suite: &Suite,
        checks: &[&Wanted],
        seen: &(dyn Fn(usize) + Sync),
    ) -> Result<BTreeMap<String, Judged>> {
        if checks.is_empty() {
            return Ok(BTreeMap::new());
        }
        let ids: Vec<&str> = checks.iter().map(|check| check.id.as_str()).collect();
        let (together, _) = self.run(program, suite, &ids, BOX_LIMIT, None)?;
        let settled = |check: &&Wanted| match together.verdicts.get(&check.id) {
            Some(verdict) => match verdict.status {
                Status::GraderError => false,
                Status::Timeout => !check.second_try,
                _ => true,
            },
            None => false,
        };
        let (done, again): (Vec<&Wanted>, Vec<&Wanted>) =
            checks.iter().partition(|check| settled(check));
        seen(done.len());
        let mut judged: BTreeMap<String, Judged> = done
            .into_iter()
            .filter_map(|Wanted { id, .. }| {
                Some((id.clone(), Judged::once(together.verdicts.get(id)?)))
            })
            .collect();
        let alone = thread::scope(|scope| {
            let runs: Vec<_> = by_cause(&again, &together)
                .into_iter()
                .map(|ids| {
                    let verdicts = &together.verdicts;
                    scope.spawn(move || self.in_a_row(program, suite, &ids, verdicts, seen))
                })
                .collect();
            runs.into_iter().map(joined).collect::<Vec<_>>()
        });
        for run in alone {
            judged.extend(run?);
        }
        Ok(judged)
    }

    /// Checks one after another, each in a box of its own, until it is plain that their stage
    /// hangs: then the first verdicts of the others stand.
    fn in_a_row(
        &self,
        program: &Compiled,
        suite: &Suite,
        ids: &[&str],
        first: &BTreeMap<String, Verdict>,
        seen: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<(String, Judged)>> {
        let mut confirmed = 0;
        let mut judged = Vec::new();
        for id in ids {
            let check = match first.get(*id) {
                Some(verdict) if confirmed >= CONFIRMED => Judged::once(verdict),
                first => {
                    let second = self.alone(program, suite, id)?;
                    confirmed += usize::from(second.verdict.status == Status::Timeout);
                    second.after(first)
                }
            };
            seen(1);
            judged.push(((*id).to_owned(), check));
        }
        Ok(judged)
    }

    /// Whether programs of this check's stage may use up what all boxes of a user share:
    /// descriptors on their way through sockets (unix(7), `ETOOMANYREFS`).
    fn takes_turns(&self, id: &str) -> bool {
        let module = id.split("::").next().unwrap_or_default();
        let mut allowed = self.allowed.iter();
        self.turn.is_some()
            && allowed.any(|(stage, allowed)| {
                stage.replace('-', "_") == module && allowed.contains(&Allowance::PassDescriptors)
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

/// The checks that run again: those of a stage that ran out of time in one group, for they may
/// well hang together, each of the others by itself.
fn by_cause<'a>(again: &[&'a Wanted], together: &Channel) -> Vec<Vec<&'a str>> {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Wanted { id, .. } in again {
        let first = together.verdicts.get(id);
        let timed_out = first.is_some_and(|first| first.status == Status::Timeout);
        let cause = match id.split_once("::") {
            Some((stage, _)) if timed_out => stage,
            _ => id,
        };
        groups.entry(cause).or_default().push(id);
    }
    groups.into_values().collect()
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

/// Checks whose suite this edition does not have.
fn elsewhere(checks: &[&Wanted]) -> BTreeMap<String, Judged> {
    let told = "hidden, graded by your instructor";
    let skipped = Judged::once(&Verdict::by_grader(Status::Skipped, told.to_owned()));
    checks
        .iter()
        .map(|check| (check.id.clone(), skipped.clone()))
        .collect()
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
