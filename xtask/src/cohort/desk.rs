//! Grading one submission of a cohort: intake, what is known already, the rest, the record.

use std::thread;
use std::time::{Duration, Instant, SystemTime};

use testbench::record::{Graded, LabRecord, Record, Refused, Status};

use super::change::changes;
use super::inputs::Inputs;
use super::signs::signs;
use crate::course::lab::Lab;
use crate::fault::{Fault, Result};
use crate::grade::record::{Frame, Submission as Whose};
use crate::grade::{Assignment, Grader, clock};
use crate::intake::place::Wanted;
use crate::intake::roster::Submission;
use crate::intake::{self, Taken};
use crate::output::plain::line;
use crate::records::{Kept, Records};
use crate::slots::joined;
use crate::sources::pristine::Pristine;
use crate::sources::set::SourceSet;

/// All that every submission of a run is graded with.
#[derive(Debug)]
pub struct Desk<'a> {
    /// The grader.
    pub grader: &'a Grader,
    /// What all records of the run say alike.
    pub frame: &'a Frame,
    /// Where the records are.
    pub records: &'a Records,
    /// The labs that were asked for.
    pub labs: &'a [Bench],
    /// The labs of the course, in their order.
    pub course: &'a [String],
    /// What intake looks for.
    pub wanted: &'a Wanted,
    /// Whether labs are graded again that did not change.
    pub regrade: bool,
}

/// A lab, made ready for many submissions.
#[derive(Debug)]
pub struct Bench {
    /// The lab.
    pub lab: Lab,
    /// Its stubs and given files.
    pub pristine: Pristine,
    /// What all its results depend on.
    pub inputs: Inputs,
}

/// What became of a submission.
#[derive(Debug, Clone, Default)]
pub struct Done {
    /// Labs that were graded; none if nothing had changed.
    pub graded: usize,
    /// Why nothing of it was graded.
    pub refused: Option<String>,
    /// Whether the record before could not be read, so that labs of other runs are gone from it.
    pub damaged: bool,
    /// Stages that were not handed in, of labs of which others were.
    pub missing: Vec<String>,
    /// Whether a stage does not compile.
    pub broken: bool,
    /// What an honest submission does not have.
    pub suspicious: Vec<String>,
    /// Checks that passed only when they were tried again.
    pub flaky: usize,
    /// Checks that could not be judged.
    pub grader_errors: usize,
    /// How long it took.
    pub took: Duration,
    /// What is to be told at once.
    pub notes: Vec<String>,
}

/// What of a record is written anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Written {
    /// No results.
    Nothing,
    /// Results that were not there.
    Addition,
    /// Results that stand in place of others.
    Replacement,
}

/// A lab of the submission before it is graded.
struct Handed<'a> {
    bench: &'a Bench,
    set: SourceSet,
    inputs: String,
}

impl Desk<'_> {
    /// Grades what of `submission` is not graded yet, and writes its record.
    ///
    /// # Errors
    /// The grader cannot do its work, or a stop was asked for; the record is what it was.
    pub fn grade(&self, submission: &Submission) -> Result<Done> {
        let began = Instant::now();
        let mut done = Done::default();
        let before = self.before(&submission.id, &mut done)?;
        let mut taken = intake::take(submission, self.wanted);
        if taken.odd > 0 {
            done.suspicious.push(match taken.odd {
                1 => "1 odd entry".to_owned(),
                odd => format!("{odd} odd entries"),
            });
        }
        if let Some(refused) = taken.refused.take() {
            self.refuse(&submission.id, before.as_ref(), refused, taken, &mut done)?;
        } else {
            self.grade_taken(&submission.id, before.as_ref(), taken, &mut done)?;
        }
        done.took = began.elapsed();
        Ok(done)
    }

    /// The record that there is; what is none is set aside.
    fn before(&self, id: &str, done: &mut Done) -> Result<Option<Record>> {
        match self.records.read(id)? {
            Kept::Nothing => Ok(None),
            Kept::Record(record) => Ok(Some(*record)),
            Kept::Bad(why) => {
                let aside = self.records.set_aside(id)?;
                done.damaged = true;
                done.notes.push(format!(
                    "{id}: its record cannot be read ({}); it is kept as {} and made anew: grade \
                     again all labs that it held",
                    line(&why),
                    aside.display()
                ));
                Ok(None)
            }
        }
    }

    /// Says in the record for which labs nothing could be taken; results that there are stand.
    fn refuse(
        &self,
        id: &str,
        before: Option<&Record>,
        refused: String,
        taken: Taken,
        done: &mut Done,
    ) -> Result<()> {
        let now = SystemTime::now();
        let mut record = match before {
            Some(before) => before.clone(),
            None => self.frame.record(id, now, Vec::new()),
        };
        if record.labs.iter().any(|lab| self.asks_for(&lab.id)) {
            done.notes.push(format!(
                "{id}: {}; the result before it stands",
                line(&refused)
            ));
        }
        let edition = taken
            .edition
            .or(before.map(|before| before.edition.clone()));
        record.edition = edition.unwrap_or_else(unknown);
        record.ignored = taken.elsewhere;
        record.refused = self.refused_elsewhere(before);
        record.refused.extend(self.labs.iter().map(|bench| {
            let lab = &bench.lab.name;
            let known =
                before.and_then(|before| before.refused.iter().find(|known| known.lab == *lab));
            match known {
                Some(known) if known.why == refused => known.clone(),
                _ => Refused {
                    lab: lab.clone(),
                    at: clock::rfc3339(now),
                    why: refused.clone(),
                },
            }
        }));
        record
            .refused
            .sort_by_key(|refused| self.place(&refused.lab));
        if before.is_none_or(|before| !same_but_for_time(before, &record)) {
            self.records.write(&record)?;
        }
        done.refused = Some(refused);
        Ok(())
    }

    /// Whether `lab` is graded in this run.
    fn asks_for(&self, lab: &str) -> bool {
        self.labs.iter().any(|bench| bench.lab.name == lab)
    }

    /// What was refused of labs that are not graded in this run.
    fn refused_elsewhere(&self, before: Option<&Record>) -> Vec<Refused> {
        let refused = before.map_or(&[][..], |record| record.refused.as_slice());
        let mut refused = refused.to_vec();
        refused.retain(|refused| !self.asks_for(&refused.lab));
        refused
    }

    /// Where `lab` stands in the course; what the course does not know comes last.
    fn place(&self, lab: &str) -> usize {
        let mut labs = self.course.iter();
        labs.position(|name| name == lab).unwrap_or(usize::MAX)
    }

    fn grade_taken(
        &self,
        id: &str,
        before: Option<&Record>,
        mut taken: Taken,
        done: &mut Done,
    ) -> Result<()> {
        let graded_at = SystemTime::now();
        let handed: Vec<Handed<'_>> = self
            .labs
            .iter()
            .map(|bench| {
                let lab = &bench.lab;
                let files = taken.labs.remove(&lab.name).unwrap_or_default();
                let ignored = taken.ignored.remove(&lab.name).unwrap_or_default();
                let made_at = taken.made_at.clone().filter(|_| !files.is_empty());
                let mut set = SourceSet::of_submission(lab, &bench.pristine, files, ignored);
                set.submitted_at = made_at;
                let inputs = bench.inputs.with(lab, &set);
                Handed { bench, set, inputs }
            })
            .collect();
        let known = before.map_or(&[][..], |record| record.labs.as_slice());
        let results = thread::scope(|scope| {
            let runs: Vec<_> = handed
                .iter()
                .map(|handed| {
                    let known = known.iter().find(|lab| lab.id == handed.bench.lab.name);
                    scope.spawn(move || self.lab(handed, known, graded_at))
                })
                .collect();
            runs.into_iter().map(joined).collect::<Result<Vec<_>>>()
        })?;
        let mut labs = known.to_vec();
        let mut what = Written::Nothing;
        for (lab, fresh) in results {
            done.look_at(&lab);
            done.graded += usize::from(fresh);
            let Some(known) = labs.iter_mut().find(|known| known.id == lab.id) else {
                what = what.max(Written::Addition);
                labs.push(lab);
                continue;
            };
            if fresh && !may_replace(known, &lab) {
                done.notes.push(format!(
                    "{id}: {} could not be judged in full; its results stay as they were",
                    lab.id
                ));
                continue;
            }
            if fresh {
                what = Written::Replacement;
                if self.regrade {
                    done.notes.extend(changes(id, known, &lab));
                }
            }
            *known = lab;
        }
        labs.sort_by_key(|lab| self.place(&lab.id));
        let mut record = self.frame.record(id, graded_at, labs);
        record.refused = self.refused_elsewhere(before);
        record.ignored = taken.elsewhere;
        record.edition = taken.edition.unwrap_or_else(unknown);
        match before {
            Some(before) if what == Written::Nothing => {
                // At most what was not used is listed anew; the results are of the run before.
                let edition = std::mem::take(&mut record.edition);
                let ignored = std::mem::take(&mut record.ignored);
                let labs = std::mem::take(&mut record.labs);
                let refused = std::mem::take(&mut record.refused);
                record = Record {
                    edition,
                    ignored,
                    labs,
                    refused,
                    ..before.clone()
                };
                if same_but_for_time(before, &record) {
                    return Ok(());
                }
            }
            _ if what == Written::Replacement => self.records.keep_previous(id)?,
            _ => {}
        }
        self.records.write(&record)
    }

    /// The result of one lab: the known one if it still holds; and whether it is a new one.
    fn lab(
        &self,
        handed: &Handed<'_>,
        known: Option<&LabRecord>,
        graded_at: SystemTime,
    ) -> Result<(LabRecord, bool)> {
        let Handed { bench, set, inputs } = handed;
        let holds = |known: &&LabRecord| {
            let same = known
                .graded
                .as_ref()
                .is_some_and(|run| run.inputs == *inputs);
            same && !self.regrade && unjudged(known) == 0
        };
        if let Some(known) = known.filter(holds) {
            let mut known = known.clone();
            known.sources.ignored.clone_from(&set.ignored);
            return Ok((known, false));
        }
        let assignment = Assignment {
            submission: Whose::Workspace,
            lab: &bench.lab,
            set,
            pristine: &bench.pristine,
            seed: &self.frame.seed,
            checks: bench.lab.rubric.checks().map(|(_, check)| check).collect(),
            doomed: None,
        };
        let program = self.grader.compile(&assignment)?;
        let mut record = self.grader.judge(&assignment, &program, &|_| ())?;
        record.graded = Some(Graded {
            at: clock::rfc3339(graded_at),
            inputs: inputs.clone(),
            course: self.frame.course.clone(),
            grader: self.frame.grader.clone(),
            isolation: self.frame.isolation.clone(),
            seed: self.frame.seed.clone(),
        });
        Ok((record, true))
    }
}

impl Done {
    /// Counts what the summary tells of a lab.
    fn look_at(&mut self, lab: &LabRecord) {
        if !lab.sources.files.is_empty() {
            let missing = lab.sources.missing.iter();
            self.missing
                .extend(missing.map(|stage| format!("{}/{stage}", lab.id)));
        }
        self.broken |= !lab.compile.diagnostics.is_empty();
        self.grader_errors += unjudged(lab);
        self.flaky += lab
            .checks
            .iter()
            .filter(|check| check.status == Status::Pass && !check.attempts.is_empty())
            .count();
        let signs: Vec<&str> = signs(lab).map(|check| check.id.as_str()).collect();
        if let Some(first) = signs.first() {
            self.suspicious
                .push(format!("words of a grader in {}/{first}", lab.id));
        }
    }
}

/// The edition of a submission that names none.
fn unknown() -> String {
    "unknown".to_owned()
}

/// How many checks could not be judged.
fn unjudged(lab: &LabRecord) -> usize {
    let checks = lab.checks.iter();
    checks
        .filter(|check| check.status == Status::GraderError)
        .count()
}

/// A result that lacks verdicts does not replace one that lacks none.
fn may_replace(known: &LabRecord, new: &LabRecord) -> bool {
    unjudged(new) == 0 || unjudged(known) > 0
}

/// Whether two records say the same, but for when they were made.
fn same_but_for_time(one: &Record, other: &Record) -> bool {
    let mut one = one.clone();
    one.graded_at.clone_from(&other.graded_at);
    let json = |record: &Record| serde_json::to_value(record).ok();
    json(&one) == json(other)
}

/// A submission that the grader could not grade.
pub fn could_not(id: &str, fault: &Fault) -> String {
    format!("{id}: {}; next: {}", line(fault.what()), fault.remedy())
}
