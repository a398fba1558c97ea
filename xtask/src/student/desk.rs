//! A lab as it lies before the student.

use sha2::{Digest, Sha256};
use testbench::record::Visibility;

use crate::course::lab::Lab;
use crate::course::rubric::{Check, Stage};
use crate::course::selection::Asked;
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::sources::pristine::Pristine;
use crate::sources::set::{SourceSet, add, hexadecimal, same_words};

/// How many hexadecimal digits tell one state of a file from another.
const DIGITS: usize = 16;

/// A lab, what was handed out and what is written of it.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The lab.
    pub lab: Lab,
    /// What was handed out.
    pub pristine: Pristine,
    /// What stands in `labs/<lab>/src` now.
    pub set: SourceSet,
}

impl Desk {
    /// Reads what there is of `lab`.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn of(lab: Lab) -> Result<Self> {
        let pristine = Pristine::of(&lab)?;
        let set = SourceSet::of_workspace(&lab, &pristine)?;
        Ok(Self { lab, pristine, set })
    }

    /// Every lab, in the order of the course.
    ///
    /// # Errors
    /// A rubric is wrong, or a file cannot be read.
    pub fn all(workspace: &Workspace) -> Result<Vec<Self>> {
        let labs = workspace.labs.iter();
        labs.map(|name| Self::of(Lab::open(workspace, name)?))
            .collect()
    }

    /// The lab and the stage that `LAB/STAGE` means.
    ///
    /// # Errors
    /// It names no stage.
    pub fn with_stage(workspace: &Workspace, typed: &str) -> Result<(Self, Stage)> {
        let asked = Asked::parse(typed);
        let lab = asked.lab(workspace)?;
        let Some(stage) = asked.stage(&lab)?.cloned() else {
            let names: Vec<&str> = lab.rubric.stages.iter().map(|s| s.name.as_str()).collect();
            return Err(Fault::usage(
                format!("`{typed}` names no stage"),
                format!("name one: {}/STAGE, of {}", lab.name, names.join(", ")),
            ));
        };
        Ok((Self::of(lab)?, stage))
    }

    /// Reads the sources again.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn refresh(&mut self) -> Result<()> {
        self.set = SourceSet::of_workspace(&self.lab, &self.pristine)?;
        Ok(())
    }

    /// What stands in the stage's file.
    pub fn text(&self, stage: &Stage) -> &[u8] {
        self.set.files.get(&stage.file()).map_or(&[], Vec::as_slice)
    }

    /// Whether the stage's file is no more what was handed out.
    pub fn begun(&self, stage: &Stage) -> bool {
        let stub = self.pristine.stub(&stage.file()).unwrap_or_default();
        !self.set.missing.contains(&stage.name) && !same_words(stub, self.text(stage))
    }

    /// Tells one state of the stage's file from another.
    pub fn digest(&self, stage: &Stage) -> String {
        let mut digest = Sha256::new();
        add(&mut digest, &stage.file(), self.text(stage));
        let mut digits = hexadecimal(digest);
        digits.truncate(DIGITS);
        digits
    }

    /// The stage's file as people are told to find it.
    pub fn shown(&self, stage: &Stage) -> String {
        self.lab.shown(&self.lab.sources().join(stage.file()))
    }

    /// `server-basics/echo`.
    pub fn path(&self, stage: &Stage) -> String {
        format!("{}/{}", self.lab.name, stage.name)
    }

    /// Where the stage is told.
    pub fn notes(&self, stage: &Stage) -> String {
        format!("{}#{}", self.lab.notes_shown(), stage.name)
    }
}

/// The checks of `stage` that students have.
pub fn public(stage: &Stage) -> impl Iterator<Item = &Check> {
    of_visibility(stage, Visibility::Public)
}

/// The checks of `stage` that students know by their titles and points only.
pub fn hidden(stage: &Stage) -> impl Iterator<Item = &Check> {
    of_visibility(stage, Visibility::Hidden)
}

fn of_visibility(stage: &Stage, visibility: Visibility) -> impl Iterator<Item = &Check> {
    stage
        .checks
        .iter()
        .filter(move |check| check.visibility == visibility)
}

/// The points of these checks.
pub fn points<'a>(checks: impl Iterator<Item = &'a Check>) -> u32 {
    checks.map(|check| check.points).sum()
}
