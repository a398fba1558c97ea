//! What is known of a cohort when it is graded: numbers, and a few names for each.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::desk::{Desk, Done};
use crate::Outcome;
use crate::fault::{Fault, Result};
use crate::isolation;
use crate::output::page::Page;
use crate::output::plain::{line, wrapped};
use crate::report::failure::WIDTH;
use crate::report::stage::counted;

/// How many names are kept of a kind; the records have them all.
const NAMES: usize = 8;

/// How wide what a row shows is named.
const LABEL: usize = 15;

/// The numbers of a run.
#[derive(Debug, Default, Serialize)]
pub struct Tally {
    /// Submissions that were to be graded.
    submissions: usize,
    /// Of which something was graded.
    graded: usize,
    /// Of which all had been graded before, and nothing has changed.
    unchanged: usize,
    /// Of which nothing could be taken.
    refused: Named,
    /// Whose record could not be read, so that labs of other runs are gone from it.
    damaged: Named,
    /// That lack stages of a lab of which they have others.
    stages_missing: Named,
    /// In which a stage does not compile.
    build_errors: Named,
    /// That have what honest ones have not.
    suspicious: Named,
    /// Checks whose attempts differ.
    flaky: Named,
    /// Checks, or whole submissions, that the grader could not judge.
    grader_errors: Named,
    /// The one that took longest.
    slowest: Option<Slowest>,
    /// Whether the run was stopped before all were graded.
    pub interrupted: bool,
}

/// How many there are, and who the first of them are.
#[derive(Debug, Default, Serialize)]
struct Named {
    count: usize,
    first: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Slowest {
    submission: String,
    ms: u64,
}

impl Named {
    fn add(&mut self, count: usize, name: impl FnOnce() -> String) {
        if count > 0 {
            self.count += count;
            if self.first.len() < NAMES {
                self.first.push(name());
            }
        }
    }
}

impl Tally {
    /// Nothing of `submissions` is graded yet.
    pub fn new(submissions: usize) -> Self {
        Self {
            submissions,
            ..Self::default()
        }
    }

    /// Counts a submission that was gone through.
    pub fn count(&mut self, id: &str, done: &Done) {
        let name = || id.to_owned();
        match &done.refused {
            Some(why) => self.refused.add(1, || format!("{id}: {why}")),
            None if done.graded > 0 => self.graded += 1,
            None => self.unchanged += 1,
        }
        self.damaged.add(usize::from(done.damaged), name);
        let told = || format!("{id}: {}", done.missing.join(", "));
        self.stages_missing
            .add(usize::from(!done.missing.is_empty()), told);
        self.build_errors.add(usize::from(done.broken), name);
        self.flaky.add(done.flaky, name);
        self.grader_errors.add(done.grader_errors, name);
        let suspicious = usize::from(!done.suspicious.is_empty());
        let told = || format!("{id}: {}", done.suspicious.join(", "));
        self.suspicious.add(suspicious, told);
        let ms = u64::try_from(done.took.as_millis()).unwrap_or(u64::MAX);
        if self.slowest.as_ref().is_none_or(|slowest| slowest.ms < ms) {
            self.slowest = Some(Slowest {
                submission: name(),
                ms,
            });
        }
    }

    /// Counts a submission that the grader could not grade.
    pub fn could_not(&mut self, id: &str) {
        self.grader_errors.add(1, || id.to_owned());
    }

    /// Grading that finds faults is done; grading that could not judge, or was stopped, is not.
    pub fn outcome(&self) -> Outcome {
        if self.interrupted || self.grader_errors.count > 0 || self.damaged.count > 0 {
            Outcome::Incomplete
        } else {
            Outcome::Done
        }
    }

    /// The summary for people; `notes` say what isolation is missing, `others` is what in
    /// `folder` is no submission.
    pub fn human(
        &self,
        desk: &Desk<'_>,
        notes: &[String],
        others: &[String],
        folder: &Path,
    ) -> String {
        let mut page = Page::default();
        let labs: Vec<&str> = desk
            .labs
            .iter()
            .map(|bench| bench.lab.name.as_str())
            .collect();
        row(
            &mut page,
            "submissions",
            &format!("{} in {}", self.submissions, folder.display()),
        );
        row(&mut page, "labs", &labs.join(", "));
        row(
            &mut page,
            "isolation",
            &isolation::line(&desk.frame.isolation),
        );
        for note in notes {
            row(&mut page, "", note);
        }
        row(&mut page, "seed", &desk.frame.seed);
        page.blank();
        row(&mut page, "graded", &self.graded.to_string());
        row(&mut page, "unchanged", &self.unchanged.to_string());
        listed(&mut page, "refused", &self.refused);
        if self.damaged.count > 0 {
            named(&mut page, "damaged", None, &self.damaged);
        }
        listed(&mut page, "stages missing", &self.stages_missing);
        named(&mut page, "build errors", None, &self.build_errors);
        listed(&mut page, "suspicious", &self.suspicious);
        named(&mut page, "flaky", Some("check"), &self.flaky);
        named(&mut page, "grader errors", None, &self.grader_errors);
        if let Some(Slowest { submission, ms }) = &self.slowest {
            let took = Duration::from_millis(*ms).as_secs_f64();
            row(&mut page, "slowest", &format!("{took:.1} s, {submission}"));
        }
        row(
            &mut page,
            "records",
            &desk.records.folder().display().to_string(),
        );
        if !others.is_empty() {
            row(&mut page, "no submissions", &others.join(", "));
        }
        if self.interrupted {
            let told = format!(
                "Interrupted: {} of {} are done and kept. To go on: the same command again.",
                self.graded + self.unchanged + self.refused.count,
                self.submissions
            );
            page.blank();
            page.rows(wrapped(&told, WIDTH));
        }
        page.into_text()
    }

    /// The summary as JSON.
    ///
    /// # Errors
    /// It holds something that JSON cannot; it does not.
    pub fn json(&self, desk: &Desk<'_>) -> Result<String> {
        #[derive(Serialize)]
        struct Summary<'a> {
            records: &'a Path,
            seed: &'a str,
            isolation: &'a sandbox::Isolation,
            #[serde(flatten)]
            tally: &'a Tally,
        }
        let summary = Summary {
            records: desk.records.folder(),
            seed: &desk.frame.seed,
            isolation: &desk.frame.isolation,
            tally: self,
        };
        let text = serde_json::to_string_pretty(&summary).map_err(|error| {
            Fault::grader(
                format!("the summary cannot be written as JSON: {error}"),
                "name an --out whose path is UTF-8, or ask for --format human",
            )
        })?;
        Ok(text + "\n")
    }
}

/// A row, and more below it where it is too long.
fn row(page: &mut Page, label: &str, text: &str) {
    let mut label = label;
    for part in wrapped(&line(text), WIDTH - LABEL) {
        page.row(format!("{label:<LABEL$}{part}"));
        label = "";
    }
}

/// A number, of what if the label does not say it, and in the same row who is meant.
fn named(page: &mut Page, label: &str, what: Option<&str>, named: &Named) {
    let count = match (named.count, what) {
        (1.., Some(what)) => counted(named.count, what),
        _ => named.count.to_string(),
    };
    let names = match named.first.len() {
        0 => String::new(),
        NAMES => format!(": {}, ...", named.first.join(", ")),
        _ => format!(": {}", named.first.join(", ")),
    };
    row(page, label, &format!("{count}{names}"));
}

/// A number, and below it a row for each who is meant.
fn listed(page: &mut Page, label: &str, named: &Named) {
    row(page, label, &named.count.to_string());
    for name in &named.first {
        row(page, "", name);
    }
    let more = named.count - named.first.len();
    if more > 0 {
        row(page, "", &format!("and {more} more; see their records"));
    }
}
