//! Titles of labs and stages, and their order, which records do not repeat.

use std::collections::BTreeMap;

use super::super::data::course_file::KnownChecks;
use crate::course::rubric::Rubric;

/// The labs of a course in its order, with their rubrics.
#[derive(Debug, Clone, Default)]
pub struct CourseTitles {
    labs: Vec<String>,
    rubrics: BTreeMap<String, Rubric>,
}

impl CourseTitles {
    /// Of these labs.
    pub fn of(labs: impl IntoIterator<Item = (String, Rubric)>) -> Self {
        let mut titles = Self::default();
        for (name, rubric) in labs {
            titles.labs.push(name.clone());
            titles.rubrics.insert(name, rubric);
        }
        titles
    }

    /// The title of a lab, or its name.
    pub fn lab<'a>(&'a self, lab: &'a str) -> &'a str {
        self.rubrics.get(lab).map_or(lab, |rubric| &rubric.title)
    }

    /// The title of a stage, or its name.
    pub fn stage<'a>(&'a self, lab: &str, stage: &'a str) -> &'a str {
        let stages = self.rubrics.get(lab).map(|rubric| &rubric.stages);
        let known = stages.and_then(|stages| stages.iter().find(|known| known.name == stage));
        known.map_or(stage, |known| &known.title)
    }

    /// Where a check stands in the course: its lab's place and its own. What the course does
    /// not know comes last.
    pub fn place(&self, lab: &str, check: &str) -> (usize, usize) {
        let of_lab = self.labs.iter().position(|known| known == lab);
        let of_check = self.rubrics.get(lab).and_then(|rubric| {
            let mut checks = rubric.checks();
            checks.position(|(_, known)| known.id == check)
        });
        (of_lab.unwrap_or(usize::MAX), of_check.unwrap_or(usize::MAX))
    }

    /// What a lab is worth, as its rubric says.
    pub fn points(&self, lab: &str) -> Option<u32> {
        let rubric = self.rubrics.get(lab)?;
        Some(rubric.checks().map(|(_, check)| check.points).sum())
    }

    /// Every lab with the ids of its checks.
    pub fn checks(&self) -> KnownChecks {
        let ids = |rubric: &Rubric| rubric.checks().map(|(_, check)| check.id.clone()).collect();
        let labs = self.rubrics.iter();
        labs.map(|(name, rubric)| (name.clone(), ids(rubric)))
            .collect()
    }
}
