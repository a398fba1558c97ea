//! What is told of trials: compiler errors first, then the first failure, then what to do next.

use testbench::record::CheckRecord;

use super::Trial;
use crate::course::rubric::Stage;
use crate::course::workspace::Workspace;
use crate::fault::Result;
use crate::grade::Grader;
use crate::isolation;
use crate::output::page::Page;
use crate::output::paint::Paint;
use crate::output::plain::{line, lines, wrapped};
use crate::report::failure::WIDTH;
use crate::report::human::{Titles, closing};
use crate::report::overview::{self, StageTally};
use crate::report::stage::{self, Verdict, counted};
use crate::student::desk::{Desk, hidden, points};
use crate::student::next::Next;
use crate::student::progress::Progress;

/// What is needed to tell of trials.
#[derive(Debug)]
pub struct Told<'a> {
    /// The course.
    pub workspace: &'a Workspace,
    /// What was reached, with what these trials showed.
    pub progress: &'a Progress,
    /// Whether the next save is waited for.
    pub watched: bool,
    /// Colour or none.
    pub paint: Paint,
}

/// A lab and what its trial showed.
pub type Tried<'a> = (&'a Desk, &'a Trial);

impl Told<'_> {
    /// How things were run.
    pub fn heading(&self, grader: &Grader, seed: &str) -> Page {
        let isolation = isolation::line(&grader.isolation.described());
        let mut page = Page::default();
        page.row(self.paint.faint(&format!("isolation  {isolation}")));
        page.row(self.paint.faint(&format!("seed       {seed}")));
        page
    }

    /// What `tried` showed.
    ///
    /// # Errors
    /// The other labs cannot be read.
    pub fn of_trials(&self, tried: &[Tried<'_>]) -> Result<Page> {
        let mut page = Page::default();
        for (desk, trial) in tried {
            page.below(&said_by_compiler(desk, trial));
        }
        page.below(&self.tally(tried));
        if let Some(failed) = First::of(tried) {
            page.below(&failed.page(self.paint));
            page.below(&not_judged(tried));
            page.blank();
            page.rows(failed.next(self.watched));
            return Ok(page);
        }
        page.below(&not_judged(tried));
        let desks = Desk::all(self.workspace)?;
        page.blank();
        let here: Vec<&str> = tried
            .iter()
            .map(|(desk, _)| desk.lab.name.as_str())
            .collect();
        page.rows(Next::of(&desks, self.progress, &here).rows(self.watched));
        Ok(page)
    }

    /// Points, and what hidden checks are worth besides.
    fn tally(&self, tried: &[Tried<'_>]) -> Page {
        let titles = Titles::of(
            tried
                .iter()
                .map(|(desk, _)| (desk.lab.name.as_str(), &desk.lab.rubric)),
        );
        let mut page = Page::default();
        for (_, trial) in tried {
            page.below(&overview::of_lab(&trial.record, &titles, self.paint));
        }
        let stages = || tried.iter().flat_map(|(desk, trial)| trial.stages(desk));
        let more: usize = stages().map(|stage| hidden(stage).count()).sum();
        if more > 0 {
            let worth: u32 = stages().map(|stage| points(hidden(stage))).sum();
            let by = if self.workspace.is_student_edition() {
                "graded by your instructor"
            } else {
                "graded by cargo xtask grade"
            };
            let told = format!(
                "  hidden: {}, {}, {by}",
                counted(more, "check"),
                counted(worth as usize, "point")
            );
            page.row(self.paint.faint(&told));
        }
        page
    }
}

/// What does not belong to one stage: what was not judged, or that all is well.
fn not_judged(tried: &[Tried<'_>]) -> Page {
    let checks = tried.iter().flat_map(|(_, trial)| &trial.record.checks);
    closing(&checks.collect::<Vec<&CheckRecord>>())
}

/// What comes first of all that is wrong.
struct First<'a> {
    desk: &'a Desk,
    stage: &'a Stage,
    tally: StageTally<'a>,
}

impl<'a> First<'a> {
    /// What does not compile, else what fails, else what is not written; each in the order of
    /// the course.
    fn of(tried: &[Tried<'a>]) -> Option<Self> {
        let mut found: [Option<Self>; 3] = [None, None, None];
        for (desk, trial) in tried {
            for tally in StageTally::of_lab(&trial.record) {
                let place = match stage::verdict(&tally) {
                    Verdict::Well => continue,
                    Verdict::Broken => 0,
                    Verdict::Failed => 1,
                    Verdict::ToDo(_) => 2,
                };
                if let (None, Some(stage)) = (&found[place], desk.lab.stage(tally.name)) {
                    found[place] = Some(Self { desk, stage, tally });
                }
            }
        }
        found.into_iter().flatten().next()
    }

    /// The failure in full; what does not compile is told further up.
    fn page(&self, paint: Paint) -> Page {
        match stage::verdict(&self.tally) {
            Verdict::Well | Verdict::Broken => Page::default(),
            Verdict::Failed => stage::failures(&self.stage.title, &self.tally, paint),
            Verdict::ToDo(panic) => {
                let mut page = Page::default();
                page.rows(stage::heading(
                    &self.stage.name,
                    "is not written yet",
                    paint,
                ));
                page.append(&stage::to_do(&self.tally, panic, paint));
                page
            }
        }
    }

    fn next(&self, watched: bool) -> Vec<String> {
        let Self { desk, stage, tally } = self;
        let (file, path) = (desk.shown(stage), desk.path(stage));
        let verb = match stage::verdict(tally) {
            Verdict::ToDo(_) => "write",
            _ => "mend",
        };
        let mut rows = if watched {
            vec![format!(" next: {verb} {file}, and save it")]
        } else {
            vec![
                format!(" next: {verb} {file}"),
                format!("       cargo xtask try {path}"),
                format!("       cargo xtask hint {path}"),
            ]
        };
        if let (Verdict::Failed, Some(check)) = (stage::verdict(tally), stage::first(tally)) {
            let function = check.id.rsplit("::").next().unwrap_or_default();
            rows.push(format!("       cargo xtask trace {path}/{function}"));
        }
        rows
    }
}

/// Errors and warnings about the stages that were tried, as the compiler renders them, and
/// which others do not compile.
fn said_by_compiler(desk: &Desk, trial: &Trial) -> Page {
    let mut page = Page::default();
    let tried = |name: &str| trial.stages(desk).any(|stage| stage.name == name);
    let errors = trial.record.compile.diagnostics.iter();
    let (here, elsewhere): (Vec<_>, Vec<_>) =
        errors.partition(|error| error.stage.as_deref().is_none_or(tried));
    for error in here {
        page.below(&verbatim(&error.text));
    }
    for warning in &trial.warnings {
        if trial
            .stages(desk)
            .any(|stage| warning.contains(&desk.shown(stage)))
        {
            page.below(&verbatim(warning));
        }
    }
    let mut broken: Vec<&str> = elsewhere
        .iter()
        .filter_map(|error| error.stage.as_deref())
        .collect();
    broken.dedup();
    if !broken.is_empty() {
        let told = format!(
            "{} of {} does not compile, too; that does not touch what was tried here.",
            broken.join(", "),
            desk.lab.name
        );
        let mut note = Page::default();
        note.rows(wrapped(&line(&told), WIDTH));
        page.below(&note);
    }
    page
}

/// The compiler's words, not broken and not cut.
fn verbatim(text: &str) -> Page {
    let mut page = Page::default();
    page.rows(lines(text).lines());
    page
}
