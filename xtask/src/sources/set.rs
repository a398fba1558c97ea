//! A set of sources: all that one program is compiled from.

use sha2::{Digest, Sha256};
use testbench::record::{Ignored, Sources};

use super::pristine::{Files, Pristine, read_files};
use crate::course::lab::Lab;
use crate::course::rubric::Stage;
use crate::fault::{Fault, Result};

/// The files of one lab's `src`, from whomever they are.
#[derive(Debug, Clone)]
pub struct SourceSet {
    /// The folder that the compiler and panics name, `labs/server-basics/src`.
    pub shown: String,
    /// Every file by name, given ones and stages.
    pub files: Files,
    /// Names of stages whose file was not there; their stub stands in.
    pub missing: Vec<String>,
    /// Whether a missing stage is an error, as in one's own workspace, where its file was
    /// deleted. In a submission it is a stage that nobody has written yet.
    pub needs_every_stage: bool,
    /// When it was handed in, if a manifest says so.
    pub submitted_at: Option<String>,
    /// What was there and is not used.
    pub ignored: Vec<Ignored>,
}

impl SourceSet {
    /// What stands in `labs/<lab>/src`: the stage files; given files come from `pristine`.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn of_workspace(lab: &Lab, pristine: &Pristine) -> Result<Self> {
        let theirs = read_files(&lab.sources())?;
        let mut set = Self::of_stubs(lab, pristine);
        set.needs_every_stage = true;
        for stage in &lab.rubric.stages {
            match theirs.get(&stage.file()) {
                Some(text) => _ = set.files.insert(stage.file(), text.clone()),
                None => set.missing.push(stage.name.clone()),
            }
        }
        for (name, text) in theirs {
            let why = match set.files.get(&name) {
                Some(used) if same_words(used, &text) => continue,
                Some(_) => "given by the course, whose own text is used",
                None => "no stage of the rubric has a file of this name",
            };
            set.ignored.push(Ignored {
                path: format!("src/{name}"),
                why: why.to_owned(),
            });
        }
        Ok(set)
    }

    /// The lab as it is handed out.
    pub fn of_stubs(lab: &Lab, pristine: &Pristine) -> Self {
        Self {
            shown: format!("labs/{}/src", lab.name),
            files: pristine.files().clone(),
            missing: Vec::new(),
            needs_every_stage: false,
            submitted_at: None,
            ignored: Vec::new(),
        }
    }

    /// What was handed in for the lab, stage files by name, over the lab as it is handed out.
    pub fn of_submission(
        lab: &Lab,
        pristine: &Pristine,
        mut theirs: Files,
        ignored: Vec<Ignored>,
    ) -> Self {
        let mut set = Self::of_stubs(lab, pristine);
        for stage in &lab.rubric.stages {
            match theirs.remove(&stage.file()) {
                Some(text) => _ = set.files.insert(stage.file(), text),
                None => set.missing.push(stage.name.clone()),
            }
        }
        set.ignored = ignored;
        set
    }

    /// The lab's solution.
    ///
    /// # Errors
    /// This edition has none, or it cannot be read.
    pub fn of_solution(lab: &Lab) -> Result<Self> {
        if !lab.solution().is_dir() {
            return Err(Fault::usage(
                format!("there is no {}", lab.shown(&lab.solution())),
                "solutions are in the instructor's edition",
            ));
        }
        Ok(Self {
            shown: format!("solutions/{}/src", lab.name),
            files: read_files(&lab.solution())?,
            missing: Vec::new(),
            needs_every_stage: false,
            submitted_at: None,
            ignored: Vec::new(),
        })
    }

    /// This set with the file of `stage` replaced by `text`.
    #[must_use]
    pub fn with(mut self, stage: &Stage, text: impl Into<Vec<u8>>) -> Self {
        self.files.insert(stage.file(), text.into());
        self
    }

    /// This set with `files` laid over it.
    #[must_use]
    pub fn overlaid_with(mut self, files: Files) -> Self {
        self.files.extend(files);
        self
    }

    /// What the record says of it: the stage files of `lab` that were taken, and their digest.
    pub fn described(&self, lab: &Lab) -> Sources {
        let mut digest = Sha256::new();
        let mut files = Vec::new();
        for stage in &lab.rubric.stages {
            let file = stage.file();
            if self.missing.contains(&stage.name) {
                continue;
            }
            let text = self.files.get(&file).map_or(&[][..], Vec::as_slice);
            add(&mut digest, &file, text);
            files.push(format!("src/{file}"));
        }
        Sources {
            digest: hexadecimal(digest),
            submitted_at: self.submitted_at.clone(),
            files,
            missing: self.missing.clone(),
            ignored: self.ignored.clone(),
        }
    }
}

/// Adds a file to `digest`, so that no other names and texts give the same.
pub fn add(digest: &mut Sha256, name: &str, text: &[u8]) {
    for part in [name.as_bytes(), text] {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
}

/// The digest in hexadecimal digits.
pub fn hexadecimal(digest: Sha256) -> String {
    digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Whether two texts are the same but for white space: what `pristine` cuts is not formatted.
pub fn same_words(one: &[u8], other: &[u8]) -> bool {
    let words = |text: &[u8]| -> Vec<u8> {
        text.iter()
            .copied()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect()
    };
    one == other || words(one) == words(other)
}
