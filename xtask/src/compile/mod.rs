//! Compiling a set of sources: `rustc` itself, a fresh output folder, isolated.
//!
//! If it does not compile, the stage files that the errors name are replaced by their stubs
//! until it does: a fault in one stage costs that stage only.

mod attempt;
pub mod diagnostics;

use std::collections::BTreeSet;
use std::path::PathBuf;

use testbench::record::{Compile, Diagnostic};

use crate::course::lab::Lab;
use crate::fault::{Fault, Result};
use crate::grade::Manner;
use crate::isolation::Isolation;
use crate::slots::Slots;
use crate::sources::pristine::Pristine;
use crate::sources::set::SourceSet;
use crate::toolchain::prebuilt::Prebuilt;
use crate::toolchain::rustc::Rustc;
use crate::work::{Scratch, WorkFolder};
use attempt::{Attempt, Tools};

/// What compiles every submission of a run.
#[derive(Debug)]
pub struct Compiler {
    tools: Tools,
    /// One a core: compiling is all computing.
    slots: Slots,
}

/// A compiled submission.
#[derive(Debug)]
pub struct Compiled {
    /// The program.
    pub program: PathBuf,
    /// The folder of the sources it was compiled from.
    pub sources: PathBuf,
    /// Stages that did not compile; their stub stands in the program.
    pub broken: BTreeSet<String>,
    /// What the compiler warned of.
    pub warnings: Vec<String>,
    /// What the record says of it.
    pub told: Compile,
    /// What keeps program and sources.
    pub folder: Scratch,
}

/// What is to be compiled.
struct Job<'a> {
    lab: &'a Lab,
    set: &'a SourceSet,
    pristine: &'a Pristine,
    work: &'a WorkFolder,
}

impl Compiler {
    /// A compiler whose libraries lie in `work`, where a box can reach them. As a `manner` with
    /// incremental compiling wants it, it keeps in `work` what it can use again, and then
    /// compiles each lab once at a time.
    ///
    /// # Errors
    /// The libraries cannot be copied there.
    pub fn new(
        rustc: &Rustc,
        isolation: &Isolation,
        prebuilt: &Prebuilt,
        work: &WorkFolder,
        manner: &Manner,
    ) -> Result<Self> {
        Ok(Self {
            tools: Tools::new(rustc, isolation, prebuilt, work, manner)?,
            slots: Slots::one_a_core(),
        })
    }

    /// Compiles `set` as `lab`, with stubs from `pristine` for stages that do not compile.
    ///
    /// # Errors
    /// The given files themselves do not compile, or the disk is full.
    pub fn compile(
        &self,
        lab: &Lab,
        set: &SourceSet,
        pristine: &Pristine,
        work: &WorkFolder,
    ) -> Result<Compiled> {
        let job = Job {
            lab,
            set,
            pristine,
            work,
        };
        let mut broken = BTreeSet::new();
        let mut told = Compile {
            ms: 0,
            diagnostics: missing_files(lab, set),
        };
        if set.needs_every_stage {
            broken.extend(set.missing.iter().cloned());
        }
        loop {
            let attempt = self.attempt(&job, &broken)?;
            told.ms += attempt.ms;
            if let Some(program) = attempt.program {
                return Ok(Compiled {
                    program,
                    sources: attempt.sources,
                    broken,
                    warnings: attempt
                        .report
                        .warnings()
                        .into_iter()
                        .map(str::to_owned)
                        .collect(),
                    told,
                    folder: attempt.folder,
                });
            }
            if broken.len() == lab.rubric.stages.len() {
                return Err(given_files_fail(lab, &attempt));
            }
            let stages = &lab.rubric.stages;
            let mut named = attempt.report.stages(stages);
            named.retain(|stage| !broken.contains(stage));
            if named.is_empty() {
                if attempt.disk_is_full() {
                    return Err(given_files_fail(lab, &attempt));
                }
                self.one_by_one(&job, &mut broken, &mut told)?;
            } else {
                told.diagnostics.extend(attempt.report.errors(stages));
                broken.extend(named);
            }
        }
    }

    /// Tries each stage with only the stubs of the others, when the errors name no stage: a
    /// compiler that ran out of time or memory names nothing.
    fn one_by_one(
        &self,
        job: &Job<'_>,
        broken: &mut BTreeSet<String>,
        told: &mut Compile,
    ) -> Result<()> {
        let stages = job.lab.rubric.stages.iter();
        let all: BTreeSet<String> = stages.map(|stage| stage.name.clone()).collect();
        let suspects: Vec<String> = all.difference(broken).cloned().collect();
        let mut found = BTreeSet::new();
        for suspect in &suspects {
            let mut others = all.clone();
            others.remove(suspect);
            let attempt = self.attempt(job, &others)?;
            told.ms += attempt.ms;
            if attempt.program.is_none() {
                told.diagnostics.push(Diagnostic {
                    stage: Some(suspect.clone()),
                    text: attempt.text(),
                });
                found.insert(suspect.clone());
            }
        }
        // Each alone compiles: then they do not compile together, and none is better than another.
        broken.extend(if found.is_empty() { all } else { found });
        Ok(())
    }

    /// One run of the compiler, with stubs for the `broken` stages.
    fn attempt(&self, job: &Job<'_>, broken: &BTreeSet<String>) -> Result<Attempt> {
        let _slot = self.slots.take();
        let Job { lab, set, .. } = job;
        let mut files = set.files.clone();
        let stages = lab.rubric.stages.iter();
        for stage in stages.filter(|stage| broken.contains(&stage.name)) {
            if let Some(stub) = job.pristine.stub(&stage.file()) {
                files.insert(stage.file(), stub.to_vec());
            }
        }
        self.tools.attempt(lab, &files, &set.shown, job.work)
    }
}

/// In one's own workspace a stage without a file does not compile.
fn missing_files(lab: &Lab, set: &SourceSet) -> Vec<Diagnostic> {
    if !set.needs_every_stage {
        return Vec::new();
    }
    let missing = lab
        .rubric
        .stages
        .iter()
        .filter(|stage| set.missing.contains(&stage.name));
    missing
        .map(|stage| Diagnostic {
            stage: Some(stage.name.clone()),
            text: format!("error: there is no {}/{}", set.shown, stage.file()),
        })
        .collect()
}

fn given_files_fail(lab: &Lab, attempt: &Attempt) -> Fault {
    let text = attempt.text();
    let remedy = if attempt.disk_is_full() {
        "free some space, or name another folder for temporary work: TMPDIR=/elsewhere cargo xtask ..."
    } else {
        "mend the given files; what is handed out must compile: cargo xtask verify"
    };
    Fault::grader(
        format!(
            "{} does not compile even with every stage's stub:\n{text}",
            lab.name
        ),
        remedy,
    )
}
