//! A record for people: points first, then what is wrong, stage by stage.

use std::collections::BTreeMap;

use testbench::record::{CheckRecord, LabRecord, Record, Status};

use super::failure::{WIDTH, sentence, word};
use super::overview::{StageTally, overview};
use super::stage::{self, Verdict, counted};
use crate::course::rubric::Rubric;
use crate::grade::record::failed;
use crate::isolation;
use crate::output::page::Page;
use crate::output::paint::Paint;
use crate::output::plain::{line, wrapped};

/// The titles of labs and stages, which a record does not repeat.
#[derive(Debug, Clone, Default)]
pub struct Titles<'a>(BTreeMap<&'a str, &'a Rubric>);

impl<'a> Titles<'a> {
    /// The titles that stand in these labs' rubrics.
    pub fn of(rubrics: impl IntoIterator<Item = (&'a str, &'a Rubric)>) -> Self {
        Self(rubrics.into_iter().collect())
    }

    /// The title of a lab.
    pub fn lab(&self, lab: &str) -> &'a str {
        self.0.get(lab).map_or("", |rubric| rubric.title.as_str())
    }

    /// The title of a stage.
    pub fn stage(&self, lab: &str, stage: &str) -> &'a str {
        let stages = self
            .0
            .get(lab)
            .map_or(&[][..], |rubric| rubric.stages.as_slice());
        let found = stages.iter().find(|known| known.name == stage);
        found.map_or("", |stage| stage.title.as_str())
    }
}

/// The record in full; `notes` say what isolation is missing, and its remedy.
pub fn human(record: &Record, titles: &Titles<'_>, notes: &[String], paint: Paint) -> String {
    let mut page = Page::default();
    page.row(format!(
        "isolation  {}",
        line(isolation::line(&record.isolation))
    ));
    for note in notes {
        let rows = wrapped(&line(note), WIDTH - 11);
        page.rows(rows.iter().map(|row| format!("           {row}")));
    }
    page.row(format!("seed       {}", paint.head(&record.seed)));
    page.below(&overview(record, titles, paint));
    for lab in &record.labs {
        page.below(&of_lab(lab, titles, paint));
    }
    let checks: Vec<&CheckRecord> = record.labs.iter().flat_map(|lab| &lab.checks).collect();
    page.below(&closing(&checks));
    page.into_text()
}

/// What is wrong with a lab, stage by stage, then what is not written yet.
fn of_lab(lab: &LabRecord, titles: &Titles<'_>, paint: Paint) -> Page {
    let mut page = Page::default();
    let mut to_do = Page::default();
    for tally in StageTally::of_lab(lab) {
        let title = titles.stage(&lab.id, tally.name);
        match stage::verdict(&tally) {
            Verdict::Well => {}
            Verdict::ToDo(panic) => to_do.below(&stage::to_do(&tally, panic, paint)),
            Verdict::Broken => page.below(&stage::broken(lab, &tally, paint)),
            Verdict::Failed => page.below(&stage::failures(title, &tally, paint)),
        }
    }
    if !to_do.is_empty() {
        let mut section = Page::default();
        section.rows(stage::heading("to do", &format!("in {}", lab.id), paint));
        section.append(&to_do);
        page.below(&section);
    }
    page
}

/// What does not belong to one stage: what was not judged, what was tried twice, or that all is well.
pub fn closing(checks: &[&CheckRecord]) -> Page {
    let of_status = |status: Status| {
        checks
            .iter()
            .copied()
            .filter(move |check| check.status == status)
    };
    let mut paragraphs = Vec::new();
    let mut reasons: BTreeMap<&str, (usize, u32)> = BTreeMap::new();
    for check in of_status(Status::Skipped) {
        let reason = check
            .finding
            .happened
            .as_deref()
            .unwrap_or("no reason given");
        let entry = reasons.entry(reason).or_default();
        *entry = (entry.0 + 1, entry.1 + check.max_points);
    }
    for (reason, (count, points)) in reasons {
        paragraphs.push(format!(
            "{} {}, worth {}: {reason}",
            counted(count, "check"),
            word(Status::Skipped),
            counted(points as usize, "point"),
        ));
    }
    for check in of_status(Status::GraderError) {
        let happened = check.finding.happened.as_deref().map(sentence);
        paragraphs.push(format!(
            "{} could not be judged, which is the grader's fault and not your zero. {} Tell whoever keeps this course.",
            check.id,
            happened.unwrap_or_default(),
        ));
    }
    let again = checks.iter().filter(|check| !check.attempts.is_empty());
    let flaky = again.filter(|check| !failed(check.status)).count();
    if flaky > 0 {
        paragraphs.push(format!(
            "{} passed only when tried again",
            counted(flaky, "check")
        ));
    }
    let passed = of_status(Status::Pass).count();
    if passed == checks.len() {
        paragraphs.push(format!("{}: all pass.", counted(passed, "check")));
    }
    let mut page = Page::default();
    page.rows(
        paragraphs
            .iter()
            .flat_map(|text| wrapped(&line(text), WIDTH)),
    );
    let replays = of_status(Status::GraderError).map(|check| line(&check.replay));
    page.rows(replays.map(|replay| format!("again     {replay}")));
    page
}
