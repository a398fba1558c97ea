//! Grading: from sources to a record.

pub mod clock;
pub mod command;
pub mod control;
pub mod record;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::thread;

use sandbox::Level;
use testbench::record::{CheckRecord, LabRecord, Status};

use self::control::Controls;
use self::record::Submission;
use crate::compile::{Compiled, Compiler};
use crate::course::lab::Lab;
use crate::course::rubric::Check;
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::isolation::{Isolation, Traced};
use crate::judge::channel::Verdict;
use crate::judge::{Judge, Judged, Wanted};
use crate::memory;
use crate::slots::{Slots, cores, joined};
use crate::sources::pristine::Pristine;
use crate::sources::set::SourceSet;
use crate::stop::Stop;
use crate::toolchain::prebuilt::Prebuilt;
use crate::toolchain::rustc::Rustc;
use crate::toolchain::suite::Suite;
use crate::work::{self, WorkFolder};

/// Boxes for each core: their checks wait more than they compute.
const BOXES_A_CORE: usize = 4;

/// Boxes for each core while the cores idle, as with programs that answer nothing.
const MOST_BOXES_A_CORE: usize = 32;

/// How a run is to be done.
#[derive(Debug, Clone, Default)]
pub struct Manner {
    /// The isolation that is wanted; without, whatever there is.
    pub isolation: Option<Level>,
    /// How many boxes at once; without, four for each core, and more while those idle.
    pub jobs: Option<usize>,
    /// Whether several people's programs run side by side.
    pub strangers: bool,
    /// Whether the same sources are compiled again and again, a little changed each time.
    pub incremental: bool,
    /// Whether somebody wants all to end.
    pub stop: Stop,
}

impl Manner {
    /// Places for boxes: as many as are asked for, and as memory holds.
    pub fn slots(&self) -> Slots {
        let places = self.jobs.unwrap_or(BOXES_A_CORE * cores());
        let held = memory::boxes().unwrap_or(places);
        Slots::elastic(places.min(held), self.most_boxes())
    }

    /// How many boxes there can be at once.
    pub fn most_boxes(&self) -> usize {
        let most = self.jobs.unwrap_or(MOST_BOXES_A_CORE * cores());
        memory::boxes().map_or(most, |held| most.min(held)).max(1)
    }
}

/// All that grading needs, made ready once a run.
#[derive(Debug)]
pub struct Grader {
    /// The compiler that is used.
    pub rustc: Rustc,
    /// What keeps submissions apart from the machine.
    pub isolation: Isolation,
    compiler: Compiler,
    /// The check binaries of each lab.
    suites: BTreeMap<String, Vec<Suite>>,
    slots: Slots,
    controls: Controls,
    /// For boxes that could disturb one another; none where all programs are one person's.
    turn: Option<Slots>,
    stop: Stop,
    work: WorkFolder,
}

/// What one check and its programs did.
#[derive(Debug)]
pub struct Trace {
    /// The check, its transcript told even if it passed.
    pub record: CheckRecord,
    /// When its clock began, in milliseconds since 1970, UTC.
    pub began: f64,
    /// The folder with the system calls of each program, if they were written.
    pub calls: PathBuf,
}

/// One lab to grade.
#[derive(Debug)]
pub struct Assignment<'a> {
    /// Whose work it is.
    pub submission: Submission,
    /// The lab.
    pub lab: &'a Lab,
    /// What is graded.
    pub set: &'a SourceSet,
    /// Stubs for what does not compile.
    pub pristine: &'a Pristine,
    /// The seed of payloads and schedules, 16 hexadecimal digits.
    pub seed: &'a str,
    /// The checks that were asked for.
    pub checks: Vec<&'a Check>,
    /// Those of them that are known to fail: they are not tried again when they run out of time.
    pub doomed: Option<&'a BTreeSet<String>>,
}

impl Grader {
    /// Makes ready: testbench, isolation, check binaries of `labs`.
    ///
    /// # Errors
    /// A tool is missing, something trusted does not compile, or the machine does not
    /// isolate as wanted.
    pub fn ready(workspace: &Workspace, labs: &[&Lab], manner: &Manner) -> Result<Self> {
        let (prebuilt, rustc) = thread::scope(|scope| {
            let rustc = scope.spawn(Rustc::find);
            (Prebuilt::build(workspace), joined(rustc))
        });
        // A missing compiler is the cause when cargo fails, too.
        let (rustc, (prebuilt, _held)) = (rustc?, prebuilt?);
        let work = WorkFolder::new()?;
        let tools = work.fresh("tools")?;
        let launcher = work::copy_into(&tools, &prebuilt.launcher)?;
        let (isolation, suites) = thread::scope(|scope| {
            let isolation = scope.spawn(|| Isolation::probe(manner.isolation, &launcher));
            let suites = suites(labs, &prebuilt, &rustc, &tools);
            (joined(isolation), suites)
        });
        let isolation = isolation?;
        Ok(Self {
            compiler: Compiler::new(&rustc, &isolation, &prebuilt, &work, manner)?,
            rustc,
            isolation,
            suites: suites?,
            controls: Controls::default(),
            slots: manner.slots(),
            turn: manner.strangers.then(|| Slots::new(1)),
            stop: manner.stop.clone(),
            work,
        })
    }

    /// The check binaries of `lab`.
    pub fn suites(&self, lab: &Lab) -> &[Suite] {
        self.suites.get(&lab.name).map_or(&[], Vec::as_slice)
    }

    /// Compiles what is to be graded.
    ///
    /// # Errors
    /// The given files do not compile, or the grader cannot do its work.
    pub fn compile(&self, assignment: &Assignment<'_>) -> Result<Compiled> {
        let Assignment {
            lab, set, pristine, ..
        } = assignment;
        self.compiler.compile(lab, set, pristine, &self.work)
    }

    /// Judges a compiled lab. `seen` is told how many more checks are done.
    ///
    /// # Errors
    /// The grader cannot do its work; what the submission does wrong stands in the record.
    pub fn judge(
        &self,
        assignment: &Assignment<'_>,
        program: &Compiled,
        seen: &(dyn Fn(usize) + Sync),
    ) -> Result<LabRecord> {
        let judge = self.judge_of(assignment);
        let (mut judged, wanted) = sorted_out(assignment, program);
        seen(judged.len());
        let suites = self.suites(assignment.lab);
        judged.extend(judge.judge(program, suites, &wanted, seen)?);
        self.find_the_cause(&judge, assignment, program, &mut judged)?;
        Ok(record::of_lab(assignment, program, &judged))
    }

    /// Judges a compiled lab by one check, and tells what passed; with an `strace`, what the
    /// programs asked of the kernel, too.
    ///
    /// # Errors
    /// As [`Grader::judge`]; this edition does not have the check.
    pub fn trace(
        &self,
        assignment: &Assignment<'_>,
        program: &Compiled,
        check: &Check,
        strace: Option<&Path>,
    ) -> Result<Trace> {
        let mut suites = self.suites(assignment.lab).iter();
        let suite = suites.find(|suite| suite.visibility == check.visibility);
        let suite = suite.ok_or_else(|| {
            Fault::usage(
                format!("`{}` is hidden, graded by your instructor", check.id),
                "trace a public check of that stage",
            )
        })?;
        let calls = self.work.fresh("calls")?;
        let traced = Traced {
            strace: strace.map(|strace| (strace.to_path_buf(), calls.clone())),
        };
        let judge = self.judge_of(assignment);
        let (judged, began) = judge.trace(program, suite, &check.id, &traced)?;
        let judged = BTreeMap::from([(check.id.clone(), judged)]);
        let mut record = record::of_lab(assignment, program, &judged);
        let record = record.checks.pop().ok_or_else(|| {
            Fault::grader(
                format!("{} was not judged", check.id),
                "tell whoever keeps this course",
            )
        })?;
        Ok(Trace {
            record,
            began,
            calls,
        })
    }

    fn judge_of<'a>(&'a self, assignment: &Assignment<'a>) -> Judge<'a> {
        Judge {
            isolation: &self.isolation,
            slots: &self.slots,
            turn: self.turn.as_ref(),
            seed: assignment.seed,
            allowed: assignment.lab.rubric.allowances(),
            stop: &self.stop,
        }
    }
}

/// What of `assignment` is settled because its stage did not compile, and what is to be judged.
fn sorted_out(
    assignment: &Assignment<'_>,
    program: &Compiled,
) -> (BTreeMap<String, Judged>, Vec<Wanted>) {
    let mut settled = BTreeMap::new();
    let mut wanted = Vec::new();
    for check in &assignment.checks {
        let broken = assignment
            .lab
            .rubric
            .checks()
            .any(|(stage, known)| known.id == check.id && program.broken.contains(&stage.name));
        if broken {
            let told =
                Verdict::by_grader(Status::BuildError, "its stage does not compile".to_owned());
            settled.insert(check.id.clone(), Judged::once(&told));
        } else {
            wanted.push(Wanted {
                id: check.id.clone(),
                visibility: check.visibility,
                second_try: assignment
                    .doomed
                    .is_none_or(|doomed| !doomed.contains(&check.id)),
            });
        }
    }
    (settled, wanted)
}

/// The check binaries of `labs`, where a box can reach them.
fn suites(
    labs: &[&Lab],
    prebuilt: &Prebuilt,
    rustc: &Rustc,
    tools: &Path,
) -> Result<BTreeMap<String, Vec<Suite>>> {
    let mut suites = BTreeMap::new();
    for lab in labs {
        let both: Result<Vec<Suite>> = Suite::both(lab, prebuilt, rustc)?
            .into_iter()
            .map(|suite| {
                let path = work::copy_into(tools, &suite.path)?;
                Ok(Suite { path, ..suite })
            })
            .collect();
        suites.insert(lab.name.clone(), both?);
    }
    Ok(suites)
}

/// A seed as records show it, from what was typed, if something was; else a fresh one.
///
/// # Errors
/// What was typed is no number of up to 16 hexadecimal digits.
pub fn seed(typed: Option<&str>) -> Result<String> {
    let number = match typed {
        None => fastrand::u64(..),
        Some(text) => u64::from_str_radix(text, 16).map_err(|_| {
            Fault::usage(
                format!("`{text}` is no seed"),
                "a seed is up to 16 hexadecimal digits, as a record shows it: --seed 00c0ffee00c0ffee",
            )
        })?,
    };
    Ok(format!("{number:016x}"))
}
