//! The gates of one lab, one after another.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Instant;

use testbench::record::CheckRecord;

use super::gate::{Gate, Passage, Trouble};
use super::looks::{Looked, look_at};
use super::mistakes::{Tried, each_check_can_fail, words_of_one_check_only};
use super::programs::{Rounds, alternatives, compiled_well, in_rounds, passage, scored_in_full};
use super::{Scope, names, stubs};
use crate::compile::Compiled;
use crate::course::rubric::Stage;
use crate::fault::Result;
use crate::grade::record::Submission;
use crate::grade::{Assignment, Grader};
use crate::output::page::Page;
use crate::output::paint::Paint;
use crate::report::overview::StageTally;
use crate::report::stage::{counted, failures};
use crate::sources::pristine::{Pristine, read_files};
use crate::sources::set::SourceSet;

/// The proof of one lab.
#[derive(Debug)]
pub struct Proof<'a> {
    grader: &'a Grader,
    scope: &'a Scope,
    seeds: &'a [String],
    pristine: Pristine,
    rustfmt: PathBuf,
}

impl<'a> Proof<'a> {
    /// Prepares it.
    ///
    /// # Errors
    /// A region of the solution is wrong, or there is no formatter.
    pub fn new(grader: &'a Grader, scope: &'a Scope, seeds: &'a [String]) -> Result<Self> {
        Ok(Self {
            grader,
            scope,
            seeds,
            pristine: Pristine::of(&scope.lab)?,
            rustfmt: grader.rustc.rustfmt()?,
        })
    }

    /// Goes through the gates of the scope; `tell` hears of each. Whether it went through all:
    /// where names do not agree, the others would tell of nothing else.
    ///
    /// # Errors
    /// A gate could not be tried at all, or `tell` fails.
    pub fn go(&self, tell: &mut dyn FnMut(&Gate) -> Result<()>) -> Result<bool> {
        let lab = &self.scope.lab;
        if self.scope.mistake.is_none() {
            let names = Gate::through("names", || self.names())?;
            tell(&names)?;
            if !names.holds() {
                return Ok(false);
            }
            tell(&Gate::through("in step", || {
                stubs::in_step(lab, &self.rustfmt)
            })?)?;
            tell(&Gate::through("formatted", || {
                stubs::well_formatted(lab, &self.rustfmt)
            })?)?;
            tell(&Gate::through("stub", || self.stub())?)?;
            tell(&Gate::through("solution", || self.solution())?)?;
            tell(&Gate::through("alternatives", || self.alternatives())?)?;
        }
        tell(&Gate::through("mistakes", || self.mistakes())?)?;
        Ok(true)
    }

    /// The stages that are in the scope.
    fn stages(&self) -> impl Iterator<Item = &Stage> {
        let only = self.scope.stage.as_deref();
        let stages = self.scope.lab.rubric.stages.iter();
        stages.filter(move |stage| only.is_none_or(|only| only == stage.name))
    }

    fn names(&self) -> Result<Passage> {
        let lab = &self.scope.lab;
        let mut passage = names::agree(lab, self.grader.suites(lab))?;
        // Who works on one stage may have others yet to write.
        if self.scope.stage.is_none() {
            passage.troubles.extend(names::a_hundred_points(lab));
        }
        Ok(passage)
    }

    fn stub(&self) -> Result<Passage> {
        let set = SourceSet::of_stubs(&self.scope.lab, &self.pristine);
        let began = Instant::now();
        let assignment = self.assignment(&set, Submission::Workspace, self.stages());
        let program = self.grader.compile(&assignment)?;
        let record = self.grader.judge(&assignment, &program, &|_| ())?;
        let mut passage = stubs::fails_as_unwritten(&self.scope.lab, &record, began.elapsed());
        passage
            .troubles
            .extend(compiled_well(&set.shown, &program, true));
        Ok(passage)
    }

    fn solution(&self) -> Result<Passage> {
        let set = SourceSet::of_solution(&self.scope.lab)?;
        let looked = look_at(&[set], "programs", self.looks_twice(), |set| {
            let (program, rounds) = self.rounds(set, self.stages(), None)?;
            let mut troubles = compiled_well(&set.shown, &program, true);
            troubles.extend(scored_in_full("the solution", &rounds, |check, _| {
                check.replay.clone()
            }));
            Ok((rounds, troubles))
        })?;
        Ok(passage(looked, self.seeds.len()))
    }

    fn alternatives(&self) -> Result<Passage> {
        let lab = &self.scope.lab;
        let solution = SourceSet::of_solution(lab)?;
        let mut troubles = Vec::new();
        let mut sets = Vec::new();
        for folder in alternatives(lab)? {
            let shown = lab.shown(&folder);
            let files = read_files(&folder)?;
            if !files.keys().any(|name| solution.files.contains_key(name)) {
                let names: Vec<&str> = solution.files.keys().map(String::as_str).collect();
                troubles.push(Trouble::new(
                    format!("{shown} lays nothing over the solution"),
                    format!("call its files like the solution's: {}", names.join(", ")),
                ));
            } else if files.keys().any(|name| self.concerns(name)) {
                sets.push((shown, solution.clone().overlaid_with(files)));
            }
        }
        let mut looked = look_at(&sets, "programs", self.looks_twice(), |(shown, set)| {
            let (program, rounds) = self.rounds(set, self.stages(), None)?;
            let mut troubles = compiled_well(shown, &program, true);
            let see = |check: &CheckRecord, seed: &str| {
                format!(
                    "cargo xtask verify {}/{} --seed {seed}",
                    lab.name, check.stage
                )
            };
            troubles.extend(scored_in_full(shown, &rounds, see));
            Ok((rounds, troubles))
        })?;
        looked.troubles.splice(..0, troubles);
        Ok(passage(looked, self.seeds.len()))
    }

    /// Whether what surprises is looked at once more. Rounds are to show what comes now and then.
    fn looks_twice(&self) -> bool {
        self.seeds.len() == 1
    }

    /// Whether the scope has the stage of `file`, or `file` is no stage's.
    fn concerns(&self, file: &str) -> bool {
        let of = |stage: &Stage| stage.file() == file;
        self.stages().any(of) || !self.scope.lab.rubric.stages.iter().any(of)
    }

    fn mistakes(&self) -> Result<Passage> {
        let Looked {
            results: tried,
            mut troubles,
            once,
        } = self.try_mistakes()?;
        troubles.extend(words_of_one_check_only(&tried));
        if self.scope.mistake.is_none() {
            let Scope { lab, mistakes, .. } = self.scope;
            troubles.extend(each_check_can_fail(lab, self.stages(), mistakes));
        }
        let looked_at = counted(self.scope.mistakes.len(), "program");
        Ok(Passage {
            looked_at: in_rounds(looked_at, self.seeds.len()),
            troubles,
            once,
        })
    }

    /// Runs every mistake of the scope with every seed.
    fn try_mistakes(&self) -> Result<Looked<Tried>> {
        let lab = &self.scope.lab;
        let twice = self.looks_twice();
        look_at(&self.scope.mistakes, "mistakes", twice, |mistake| {
            let mut set = SourceSet::of_solution(lab)?;
            let stage = mistake.stage(lab);
            if let Some(stage) = stage {
                set = set.with(stage, mistake.text.as_bytes());
            }
            let (program, mut rounds) =
                self.rounds(&set, stage.into_iter(), Some(&mistake.header.fails))?;
            let mut troubles = compiled_well(&mistake.shown, &program, false);
            if !troubles.is_empty() {
                rounds.clear();
            }
            let mistake = mistake.clone();
            let tried = Tried { mistake, rounds };
            troubles.extend(tried.troubles());
            Ok((tried, troubles))
        })
    }

    /// What a student who made the one mistake of the scope would read.
    ///
    /// # Errors
    /// As [`Proof::go`].
    pub fn failures(&self, paint: Paint) -> Result<Page> {
        let mut page = Page::default();
        let tried = self.try_mistakes()?.results;
        for (_, record) in tried.iter().filter_map(|tried| tried.rounds.first()) {
            for tally in StageTally::of_lab(record) {
                page.below(&failures("as a student would read it", &tally, paint));
            }
        }
        Ok(page)
    }

    fn assignment<'b>(
        &'b self,
        set: &'b SourceSet,
        submission: Submission,
        stages: impl Iterator<Item = &'b Stage>,
    ) -> Assignment<'b> {
        Assignment {
            submission,
            lab: &self.scope.lab,
            set,
            pristine: &self.pristine,
            seed: self.seeds.first().map_or("", String::as_str),
            checks: stages.flat_map(|stage| &stage.checks).collect(),
            doomed: None,
        }
    }

    /// Compiles `set` and judges it by the checks of `stages`, with every seed; those of `doomed`
    /// are known to fail.
    fn rounds<'b>(
        &'b self,
        set: &'b SourceSet,
        stages: impl Iterator<Item = &'b Stage>,
        doomed: Option<&'b BTreeSet<String>>,
    ) -> Result<(Compiled, Rounds)> {
        let assignment = self.assignment(set, Submission::Solutions, stages);
        let program = self.grader.compile(&assignment)?;
        let mut rounds = Rounds::new();
        for seed in self.seeds {
            let assignment = Assignment {
                seed,
                checks: assignment.checks.clone(),
                doomed,
                ..assignment
            };
            let record = self.grader.judge(&assignment, &program, &|_| ())?;
            rounds.push((seed.clone(), record));
        }
        Ok((program, rounds))
    }
}
