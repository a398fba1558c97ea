//! What `report` says on the terminal when it is done.

use super::folder::ReportFolder;
use super::formats::ReportFormat;
use super::stage::counted;
use super::view::cohort_page::CohortPage;
use super::view::visibility::Sight;
use crate::output::page::Page;
use crate::output::plain::{line, shortened};

/// How many of the commonest mistakes are told.
const MISTAKES: usize = 3;

/// How wide a sentence may be behind its count.
const SENTENCE: usize = 66;

/// The cohort in a few lines, and where to read on.
pub fn told(
    page: &CohortPage,
    folder: &ReportFolder,
    formats: &[ReportFormat],
    sight: Sight,
) -> String {
    let mut rows = Page::default();
    let students = counted(page.students.len(), "submission");
    rows.row(format!("{students}, {} missing", page.missing.len()));
    let [quarter, half, three] = page.spread.quartiles;
    rows.row(format!(
        "points     median {half:.1} %, the middle half {quarter:.1} to {three:.1} %, mean {:.1} %",
        page.spread.mean
    ));
    for lab in &page.labs {
        let name = shortened(lab.id.as_str(), 20);
        rows.row(format!(
            "  {name:<20} median {:>5.1} %  {} late, {} not compiling",
            lab.spread.quartiles[1], lab.late, lab.broken
        ));
    }
    if !page.mistakes.is_empty() {
        rows.blank();
        rows.row("commonest mistakes");
        for mistake in page.mistakes.iter().take(MISTAKES) {
            let sentence = shortened(mistake.sentence.as_str(), SENTENCE);
            rows.row(format!("  {:>4}  {sentence}", mistake.students));
        }
    }
    let look = page.suspicious.len() + page.flaky.len();
    if look > 0 {
        rows.blank();
        rows.row(format!(
            "{} suspicious, {} flaky: cohort.html tells which",
            page.suspicious.len(),
            page.flaky.len()
        ));
    }
    rows.blank();
    rows.row(format!("students see {}", sight.in_words()));
    let of_points = [
        ReportFormat::Csv,
        ReportFormat::Canvas,
        ReportFormat::Moodle,
    ];
    if sight.withholds() && formats.iter().any(|format| of_points.contains(format)) {
        rows.row("the gradebooks hold every total all the same: import them when you publish");
    }
    rows.row(format!(
        "written to {}",
        line(folder.root().display().to_string())
    ));
    rows.into_text()
}
