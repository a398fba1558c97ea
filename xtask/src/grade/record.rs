//! Writing the record: what was judged, in the order of the rubric.

use std::collections::BTreeMap;
use std::fs;
use std::time::SystemTime;

use sha2::{Digest, Sha256};
use testbench::record::{
    CheckRecord, Course, Grader as GraderTold, Isolation, LabRecord, Record, SCHEMA, Status,
};

use super::{Assignment, Grader, clock};
use crate::compile::Compiled;
use crate::course::lab::Lab;
use crate::course::rubric::{Check, Stage};
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::judge::Judged;
use crate::sources::pristine::{Pristine, read_files};
use crate::sources::set::{add, hexadecimal};

/// Who is graded, and what to type to grade it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submission {
    /// The stages in `labs/`; what somebody handed in is graded again in theirs.
    Workspace,
    /// The solutions.
    Solutions,
}

impl Submission {
    /// Its name in the record, unless it is one of a cohort, which has an id.
    pub fn name(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::Solutions => "solutions",
        }
    }

    /// What selects it on the command line.
    fn flag(self) -> &'static str {
        match self {
            Self::Workspace => "",
            Self::Solutions => " --solutions",
        }
    }
}

/// What all records of a run say alike.
#[derive(Debug, Clone)]
pub struct Frame {
    edition: String,
    /// The course that judges.
    pub course: Course,
    /// The grader that judges.
    pub grader: GraderTold,
    /// What keeps submissions apart from the machine.
    pub isolation: Isolation,
    /// The seed of payloads and schedules.
    pub seed: String,
}

impl Frame {
    /// What this run of `grader` has to say.
    ///
    /// # Errors
    /// The course's own files cannot be read.
    pub fn of(workspace: &Workspace, grader: &Grader, seed: &str) -> Result<Self> {
        let kernel = rustix::system::uname();
        let kernel =
            [kernel.sysname(), kernel.release()].map(|part| part.to_string_lossy().into_owned());
        Ok(Self {
            edition: workspace.edition.clone(),
            course: Course {
                digest: course_digest(workspace)?,
                version: workspace.version.clone(),
            },
            grader: GraderTold {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                rustc: grader.rustc.version.clone(),
                kernel: kernel.join(" "),
            },
            isolation: grader.isolation.described(),
            seed: seed.to_owned(),
        })
    }

    /// The record of what `submission` has in `labs`.
    pub fn record(&self, submission: &str, graded_at: SystemTime, labs: Vec<LabRecord>) -> Record {
        Record {
            schema: SCHEMA.to_owned(),
            submission: submission.to_owned(),
            graded_at: clock::rfc3339(graded_at),
            edition: self.edition.clone(),
            course: self.course.clone(),
            grader: self.grader.clone(),
            isolation: self.isolation.clone(),
            seed: self.seed.clone(),
            points: labs.iter().map(|lab| lab.points).sum(),
            max_points: labs.iter().map(|lab| lab.max_points).sum(),
            refused: Vec::new(),
            ignored: Vec::new(),
            labs,
        }
    }
}

/// The record of one lab.
pub fn of_lab(
    assignment: &Assignment<'_>,
    program: &Compiled,
    judged: &BTreeMap<String, Judged>,
) -> LabRecord {
    let lab = assignment.lab;
    let asked = |check: &&Check| assignment.checks.iter().any(|asked| asked.id == check.id);
    let checks: Vec<CheckRecord> = lab
        .rubric
        .checks()
        .filter(|(_, check)| asked(check))
        .filter_map(|(stage, check)| {
            let known = judged.get(&check.id)?;
            Some(of_check(assignment, (stage, check), known, judged))
        })
        .collect();
    let count = |points: fn(&CheckRecord) -> u32| {
        checks
            .iter()
            .filter(|check| counts(check.status))
            .map(points)
            .sum()
    };
    LabRecord {
        id: lab.name.clone(),
        graded: None,
        sources: assignment.set.described(lab),
        compile: program.told.clone(),
        points: count(|check| check.points),
        max_points: count(|check| check.max_points),
        checks,
    }
}

fn of_check(
    assignment: &Assignment<'_>,
    (stage, check): (&Stage, &Check),
    known: &Judged,
    judged: &BTreeMap<String, Judged>,
) -> CheckRecord {
    let Assignment { lab, seed, .. } = assignment;
    let status = known.verdict.status;
    let explains = |id: &&String| {
        judged
            .get(*id)
            .is_some_and(|earlier| failed(earlier.verdict.status))
    };
    let because = failed(status)
        .then(|| check.after.iter().find(explains))
        .flatten();
    let function = check.id.rsplit("::").next().unwrap_or(&check.id);
    CheckRecord {
        id: check.id.clone(),
        stage: stage.name.clone(),
        title: check.title.clone(),
        visibility: check.visibility,
        points: if status == Status::Pass {
            check.points
        } else {
            0
        },
        max_points: check.points,
        status,
        because: because.cloned(),
        ms: known.verdict.ms,
        finding: known.verdict.finding.clone(),
        notes: format!(
            "{}#{}-{}",
            lab.notes_shown(),
            stage.name,
            check.must.first().copied().unwrap_or(1)
        ),
        replay: format!(
            "cargo xtask grade {}/{}/{function} --seed {seed}{}",
            lab.name,
            stage.name,
            assignment.submission.flag()
        ),
        attempts: known.attempts.clone(),
    }
}

/// Whether a check of this status has points to reach: neither the machine's lack nor the
/// grader's error is the student's zero.
pub fn counts(status: Status) -> bool {
    !matches!(status, Status::Skipped | Status::GraderError)
}

/// Whether a check of this status found something wrong with the program.
pub fn failed(status: Status) -> bool {
    counts(status) && status != Status::Pass
}

/// SHA-256 over rubrics, checks and given files of every lab.
pub fn course_digest(workspace: &Workspace) -> Result<String> {
    let mut digest = Sha256::new();
    for name in &workspace.labs {
        let lab = Lab::open(workspace, name)?;
        add_lab(&mut digest, &lab, &Pristine::of(&lab)?)?;
    }
    Ok(hexadecimal(digest))
}

/// Adds rubric, checks and given files of `lab` to `digest`.
///
/// # Errors
/// They cannot be read.
pub fn add_lab(digest: &mut Sha256, lab: &Lab, pristine: &Pristine) -> Result<()> {
    let rubric = lab.folder().join("lab.toml");
    let text = fs::read(&rubric).map_err(|error| Fault::io("read", &rubric, &error))?;
    add(digest, &lab.name, &text);
    for suite in ["tests/public", "tests/hidden"] {
        let folder = lab.folder().join(suite);
        if folder.is_dir() {
            for (file, text) in read_files(&folder)? {
                add(digest, &format!("{suite}/{file}"), &text);
            }
        }
    }
    let stages: Vec<String> = lab.rubric.stages.iter().map(Stage::file).collect();
    for (file, text) in pristine.files() {
        if !stages.contains(file) {
            add(digest, &format!("src/{file}"), text);
        }
    }
    Ok(())
}
