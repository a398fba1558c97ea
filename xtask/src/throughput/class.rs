//! Classes made of the programs that the course keeps: no two submissions are the same.

use std::path::Path;

use super::source_folder;
use crate::course::lab::Lab;
use crate::course::rubric::Stage;
use crate::fault::Result;
use crate::sources::pristine::{Files, Pristine, read_files};
use crate::sources::set::SourceSet;
use crate::verify::mistake::Mistake;
use crate::verify::programs::alternatives;
use crate::work;

/// What a hanging program does instead of its work.
const HANG: &str = "loop { std::thread::park(); }\n    #[allow(unreachable_code)]\n    todo!(";

/// Submissions of one lab.
#[derive(Debug)]
pub(super) struct Class {
    pub(super) lab: Lab,
    /// The stage files of each submission.
    pub(super) submissions: Vec<Files>,
}

impl Class {
    /// Made of solution, alternatives and mistakes: each stage has its own in turn.
    pub(super) fn of_known_programs(lab: &Lab, count: usize) -> Result<Self> {
        let solution = SourceSet::of_solution(lab)?.files;
        let mut programs = vec![solution.clone()];
        for folder in alternatives(lab)? {
            programs.push(read_files(&folder)?);
        }
        for mistake in Mistake::of_lab(lab)? {
            if let Some(stage) = lab.stage(&mistake.header.stage) {
                programs.push([(stage.file(), mistake.text.into_bytes())].into());
            }
        }
        let submissions = (0..count).map(|number| {
            let mut files = solution.clone();
            let program = &programs[number % programs.len()];
            files.extend(program.clone());
            // Alternatives may have files of their own, which nobody can hand in.
            files
        });
        Ok(Self::numbered(lab, submissions))
    }

    /// Right programs only.
    pub(super) fn of_solutions(lab: &Lab, count: usize) -> Result<Self> {
        let solution = SourceSet::of_solution(lab)?.files;
        Ok(Self::numbered(lab, std::iter::repeat_n(solution, count)))
    }

    /// Programs that wait for ever wherever the student was to write something.
    pub(super) fn that_hangs(lab: &Lab, count: usize) -> Result<Self> {
        let stubs = Pristine::of(lab)?;
        let hanging: Files = stubs
            .files()
            .iter()
            .map(|(name, text)| {
                let text = String::from_utf8_lossy(text).replace("todo!(", HANG);
                (name.clone(), text.into_bytes())
            })
            .collect();
        Ok(Self::numbered(lab, std::iter::repeat_n(hanging, count)))
    }

    /// The stage files of each, told apart by a comment.
    fn numbered(lab: &Lab, submissions: impl Iterator<Item = Files>) -> Self {
        let stages: Vec<String> = lab.rubric.stages.iter().map(Stage::file).collect();
        let submissions = submissions.enumerate().map(|(number, files)| {
            let stage_files = files.into_iter().filter(|(name, _)| stages.contains(name));
            stage_files
                .map(|(name, mut text)| {
                    text.extend_from_slice(format!("\n// Submission {number}.\n").as_bytes());
                    (name, text)
                })
                .collect()
        });
        Self {
            lab: lab.clone(),
            submissions: submissions.collect(),
        }
    }

    /// Writes them into `folder`, each in a folder of its own.
    pub(super) fn hand_in(&self, folder: &Path) -> Result<()> {
        for (number, files) in self.submissions.iter().enumerate() {
            let own = source_folder(&folder.join(format!("student-{number:04}")), &self.lab);
            work::make_all(&own)?;
            for (name, text) in files {
                work::write(&own.join(name), text)?;
            }
        }
        Ok(())
    }
}
