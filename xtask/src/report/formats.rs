//! Which files each format has: those of a student, those of the cohort.

use clap::ValueEnum;

use super::data::standing::Standing;
use super::folder::{ReportFolder, stem};
use super::gradebook::{canvas::canvas, moodle::moodle, sheet::sheet};
use super::view::cohort_page::{CohortPage, Summary};
use super::view::student_page::StudentPage;
use super::{github, gradescope, html, junit};
use crate::fault::Result;

/// A format of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum ReportFormat {
    /// A page for each student and one for the cohort
    Html,
    /// A gradebook for a spreadsheet
    Csv,
    /// A gradebook that Canvas imports
    Canvas,
    /// A gradebook that Moodle imports
    Moodle,
    /// JUnit XML, a file a student
    Junit,
    /// Gradescope's results.json, a file a student
    Gradescope,
    /// A step summary and annotations for a GitHub workflow, two files a student
    Github,
    /// Stage files by pseudonym, as JPlag and Dolos compare them; wants --submissions
    Similarity,
}

/// The folders whose files belong to one student each, with the files' ending.
const OF_STUDENTS: [(&str, &str); 5] = [
    ("students", ".html"),
    ("junit", ".xml"),
    ("gradescope", ".json"),
    ("github", ".summary.md"),
    ("github", ".annotations.txt"),
];

/// Writes what `formats` have of one student.
///
/// # Errors
/// The disk is full.
pub fn of_student(
    formats: &[ReportFormat],
    folder: &ReportFolder,
    id: &str,
    page: &StudentPage,
    standing: &Standing,
) -> Result<()> {
    let stem = stem(id);
    for format in formats {
        match format {
            ReportFormat::Html => folder.write(
                format!("students/{stem}.html"),
                html::student::student(page),
            )?,
            ReportFormat::Junit => {
                folder.write(format!("junit/{stem}.xml"), junit::junit(page)?)?;
            }
            ReportFormat::Gradescope => {
                let text = gradescope::gradescope(page, standing)?;
                folder.write(format!("gradescope/{stem}.json"), text)?;
            }
            ReportFormat::Github => {
                folder.write(format!("github/{stem}.summary.md"), github::summary(page))?;
                folder.write(
                    format!("github/{stem}.annotations.txt"),
                    github::annotations(page),
                )?;
            }
            ReportFormat::Csv
            | ReportFormat::Canvas
            | ReportFormat::Moodle
            | ReportFormat::Similarity => {}
        }
    }
    Ok(())
}

/// Writes what `formats` have of the cohort, and deletes what is left of students who are not
/// in it any more.
///
/// # Errors
/// The disk is full.
pub fn of_cohort(
    formats: &[ReportFormat],
    folder: &ReportFolder,
    page: &CohortPage,
    summaries: &[Summary],
) -> Result<()> {
    let labs: Vec<String> = page.labs.iter().map(|lab| lab.id.to_string()).collect();
    let worth: Vec<u32> = page.labs.iter().map(|lab| lab.max).collect();
    for format in formats {
        match format {
            ReportFormat::Html => folder.write("cohort.html", html::cohort::cohort(page))?,
            ReportFormat::Csv => folder.write("gradebook.csv", sheet(summaries, &labs)?)?,
            ReportFormat::Canvas => {
                folder.write("canvas.csv", canvas(summaries, &labs, &worth)?)?;
            }
            ReportFormat::Moodle => folder.write("moodle.csv", moodle(summaries, &labs)?)?,
            ReportFormat::Junit
            | ReportFormat::Gradescope
            | ReportFormat::Github
            | ReportFormat::Similarity => {}
        }
    }
    for (name, ending) in OF_STUDENTS {
        folder.forget_others(name, ending)?;
    }
    Ok(())
}
