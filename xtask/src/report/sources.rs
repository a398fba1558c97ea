//! What a report is made from, found where the command line or the records' folder has it.

use std::path::{Path, PathBuf};

use super::arguments::ReportArgs;
use super::data::complaint::{Complaint, some_of};
use super::data::course_file::CourseFile;
use super::data::records::Records;
use super::data::roster::Roster;
use super::data::students::{self, Student};
use super::data::submission_times::SubmissionTimes;
use super::view::titles::CourseTitles;
use crate::course::lab::Lab;
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};

/// All that reports are made from, but the records themselves, which are read one by one.
#[derive(Debug)]
pub struct Sources {
    /// Titles and checks, from the workspace's rubrics.
    pub titles: CourseTitles,
    /// What the instructor says.
    pub course: CourseFile,
    /// When submissions came in.
    pub times: SubmissionTimes,
    /// Where the records are.
    pub records: Records,
    /// Whom the reports are about.
    pub students: Vec<Student>,
}

impl Sources {
    /// Finds them.
    ///
    /// # Errors
    /// One of them cannot be read or meant.
    pub fn find(workspace: &Workspace, args: &ReportArgs) -> Result<Self> {
        let mut labs = Vec::new();
        for name in &workspace.labs {
            labs.push((name.clone(), Lab::open(workspace, name)?.rubric));
        }
        let titles = CourseTitles::of(labs);
        let mut records = Records::find(&args.records)?;
        let roster = match beside(args, args.roster.as_deref(), "roster.csv")? {
            Some(path) => Some(Roster::read(&path)?),
            None => None,
        };
        let course = match beside(args, args.course.as_deref(), "course.toml")? {
            Some(path) => CourseFile::read(&path, &titles.checks(), roster.as_ref())?,
            None => CourseFile::default(),
        };
        let times = match beside(args, args.times.as_deref(), "times.csv")? {
            Some(path) => SubmissionTimes::read(&path, &titles.checks())?,
            None => SubmissionTimes::default(),
        };
        let (students, complaints) =
            students::assigned(records.paths.keys(), roster.as_ref(), &course);
        records.complaints.extend(complaints);
        records
            .complaints
            .extend(timed_strangers(&times, records.paths.keys(), &students));
        Ok(Self {
            titles,
            course,
            times,
            records,
            students,
        })
    }
}

/// Whom the table of times names, and nobody else knows.
fn timed_strangers<'a>(
    times: &SubmissionTimes,
    submissions: impl Iterator<Item = &'a String>,
    students: &[Student],
) -> Option<Complaint> {
    let mut strangers = times.ids();
    for id in submissions {
        strangers.remove(id.as_str());
    }
    for student in students {
        strangers.remove(student.person.id.as_str());
    }
    let strangers: Vec<&str> = strangers.into_iter().collect();
    (!strangers.is_empty()).then(|| {
        Complaint::note(
            format!(
                "the table of times names {}, who handed in nothing",
                some_of(&strangers)
            ),
            "look whether an id in it is mistyped: it counts for nobody",
        )
    })
}

/// The file that was named, or the one of that name beside the records.
fn beside(args: &ReportArgs, named: Option<&Path>, name: &str) -> Result<Option<PathBuf>> {
    if let Some(path) = named {
        if path.is_file() {
            return Ok(Some(path.to_path_buf()));
        }
        return Err(Fault::usage(
            format!("there is no file {}", path.display()),
            "look at the name, or leave the option out",
        ));
    }
    let found: Vec<PathBuf> = args
        .records
        .iter()
        .map(|place| place.join(name))
        .filter(|path| path.is_file())
        .collect();
    match found.as_slice() {
        [one, other, ..] => Err(Fault::usage(
            format!("there are {} and {}", one.display(), other.display()),
            format!(
                "name the one that counts: --{} FILE",
                name.split('.').next().unwrap_or(name)
            ),
        )),
        found => Ok(found.first().cloned()),
    }
}
