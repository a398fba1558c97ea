//! `cargo xtask report`: from records to every format.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use testbench::record::Record;

use super::arguments::ReportArgs;
use super::autograder::autograder;
use super::data::complaint::{Complaint, some_of};
use super::data::moment::Moment;
use super::data::records;
use super::data::standing;
use super::data::students::Student;
use super::folder::ReportFolder;
use super::formats::{ReportFormat, of_cohort, of_student};
use super::similarity::similarity;
use super::sources::Sources;
use super::told::told;
use super::view::cohort_page::{CohortPage, ResultOf, Summary};
use super::view::outcome::outcomes;
use super::view::refusals::refusals;
use super::view::student_page::StudentPage;
use super::view::suspicion::{SameSources, suspicions};
use super::view::visibility::{Sight, seen};
use crate::Outcome;
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::output::plain::line;
use crate::output::{print, print_error, progress};
use crate::slots::{cores, joined};

/// Makes the reports that were asked for.
///
/// # Errors
/// What they are made from cannot be meant, or the disk is full.
pub fn report(workspace: &Workspace, args: &ReportArgs) -> Result<Outcome> {
    if let Some(path) = &args.gradescope_zip {
        autograder(workspace, &args.lab, args.course.as_deref(), path)?;
        print(&format!(
            "written to {}\n",
            line(path.display().to_string())
        ))?;
        return Ok(Outcome::Done);
    }
    let Some(first) = args.records.first() else {
        return Err(Fault::usage(
            "there are no records to report on",
            "name a folder of records: cargo xtask report DIR",
        ));
    };
    let sources = Sources::find(workspace, args)?;
    let now = args.as_of.unwrap_or_else(Moment::now);
    let sight = args
        .visibility
        .map_or_else(|| Sight::of(&sources.course.visibility, now), Sight::alike);
    let formats = wanted(args);
    let out = args.out.clone().unwrap_or_else(|| {
        if first.is_dir() {
            first.join("reports")
        } else {
            "reports".into()
        }
    });
    if !args.lab.is_empty() && !formats.contains(&ReportFormat::Similarity) {
        return Err(Fault::usage(
            "--lab is for --format similarity and --gradescope-zip: reports are of all that records hold",
            "leave it out",
        ));
    }
    let folder = ReportFolder::at(&out)?;
    let alike = match (
        formats.contains(&ReportFormat::Similarity),
        &args.submissions,
    ) {
        (false, _) => Vec::new(),
        (true, Some(handed_in)) => similarity(workspace, &args.lab, handed_in, &folder)?,
        (true, None) => {
            return Err(Fault::usage(
                "records do not hold what was handed in",
                "say where it is: --format similarity --submissions DIR",
            ));
        }
    };
    let read = Reading {
        sources: &sources,
        now,
        sight,
        formats: &formats,
        folder: &folder,
    }
    .all()?;
    let mut complaints = sources.records.complaints.clone();
    complaints.extend(alike);
    complaints.extend(untimed(&read.summaries));
    complaints.extend(read.complaints);
    let page = CohortPage::of(
        &read.summaries,
        &read.same,
        &sources.course,
        &sources.titles,
        complaints,
    );
    of_cohort(&formats, &folder, &page, &read.summaries)?;
    for complaint in &page.complaints {
        print_error(complaint);
    }
    print(&told(&page, &folder, &formats, sight))?;
    Ok(
        if page.complaints.iter().any(|complaint| complaint.incomplete) {
            Outcome::Incomplete
        } else {
            Outcome::Done
        },
    )
}

/// Labs that are due, and of which nobody knows when somebody handed them in.
fn untimed(summaries: &[Summary]) -> Vec<Complaint> {
    let mut of_labs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Summary { student, result } in summaries {
        let labs = result.iter().flat_map(|result| &result.standing.labs);
        for lab in labs.filter(|lab| lab.is_untimed()) {
            let students = of_labs.entry(&lab.lab).or_default();
            students.push(&student.person.id);
        }
    }
    let told = of_labs.into_iter().map(|(lab, students)| {
        Complaint::note(
            format!(
                "{lab} is due, and nobody knows when {} handed it in; it counts as in time",
                some_of(&students)
            ),
            "give the platform's times: --times FILE, with the columns id,submitted_at",
        )
    });
    told.collect()
}

/// The formats that were asked for, each once.
fn wanted(args: &ReportArgs) -> Vec<ReportFormat> {
    let mut formats = args.format.clone();
    if formats.is_empty() {
        formats = vec![ReportFormat::Html, ReportFormat::Csv];
    }
    formats.sort();
    formats.dedup();
    formats
}

/// Reads records side by side, writes each student's files, and keeps a few words of each.
struct Reading<'a> {
    sources: &'a Sources,
    now: Moment,
    sight: Sight,
    formats: &'a [ReportFormat],
    folder: &'a ReportFolder,
}

/// What is kept of all records.
#[derive(Debug, Default)]
struct Read {
    /// One a student, in their order.
    summaries: Vec<Summary>,
    same: SameSources,
    complaints: Vec<Complaint>,
}

/// What one record came to.
#[derive(Debug)]
enum OfRecord {
    Read {
        results: Vec<(usize, ResultOf)>,
        same: SameSources,
        complaints: Vec<Complaint>,
    },
    Bad(Complaint),
}

impl Reading<'_> {
    fn all(&self) -> Result<Read> {
        let mut students: BTreeMap<&[String], Vec<usize>> = BTreeMap::new();
        for (index, student) in self.sources.students.iter().enumerate() {
            if !student.submissions.is_empty() {
                let students = students.entry(&student.submissions).or_default();
                students.push(index);
            }
        }
        let work: Vec<(&[String], Vec<usize>)> = students.into_iter().collect();
        let next = AtomicUsize::new(0);
        let done: Mutex<BTreeMap<usize, OfRecord>> = Mutex::default();
        let bar = progress::bar(work.len(), "records");
        let worker = || -> Result<()> {
            while let Some((index, (submissions, students))) = {
                let index = next.fetch_add(1, Ordering::Relaxed);
                work.get(index).map(|work| (index, work))
            } {
                let read = self.one(submissions, students)?;
                let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                done.insert(index, read);
                bar.inc(1);
            }
            Ok(())
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..cores()).map(|_| scope.spawn(worker)).collect();
            workers.into_iter().map(joined).collect::<Result<Vec<()>>>()
        })?;
        bar.finish_and_clear();
        Ok(self.gathered(done.into_inner().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Lays together what the workers have made, in the order of the submissions.
    fn gathered(&self, done: BTreeMap<usize, OfRecord>) -> Read {
        let mut read = Read {
            summaries: self
                .sources
                .students
                .iter()
                .map(|student| Summary {
                    student: student.clone(),
                    result: None,
                })
                .collect(),
            ..Read::default()
        };
        for of_record in done.into_values() {
            match of_record {
                OfRecord::Bad(complaint) => read.complaints.push(complaint),
                OfRecord::Read {
                    results,
                    same,
                    complaints,
                } => {
                    read.same.merge(same);
                    read.complaints.extend(complaints);
                    for (index, result) in results {
                        read.summaries[index].result = Some(result);
                    }
                }
            }
        }
        read
    }

    /// Reads the records of `submissions` and writes the files of the students whose they are.
    fn one(&self, submissions: &[String], students: &[usize]) -> Result<OfRecord> {
        let mut found = Vec::new();
        let mut same = SameSources::default();
        let paths = &self.sources.records.paths;
        for path in submissions.iter().filter_map(|id| paths.get(id)) {
            match records::read(path) {
                Ok(record) => {
                    same.note(&record);
                    found.push(record);
                }
                Err(complaint) => return Ok(OfRecord::Bad(complaint)),
            }
        }
        let Some(record) = records::together(found) else {
            return Ok(OfRecord::Bad(Complaint::gap(
                format!("`{}` has no record any more", submissions.join(", ")),
                "run the command again",
            )));
        };
        let mut complaints = Vec::new();
        let mut results = Vec::new();
        for &index in students {
            let student = &self.sources.students[index];
            let result = self.result(student, &record, &mut complaints);
            results.push((index, result));
        }
        let seen = seen(record, &self.sight);
        for (index, result) in &results {
            let student = &self.sources.students[*index];
            let Sources { course, titles, .. } = self.sources;
            let page = StudentPage::of(student, &seen, &result.standing, course, titles);
            of_student(
                self.formats,
                self.folder,
                &student.person.id,
                &page,
                &result.standing,
            )?;
        }
        complaints.dedup();
        Ok(OfRecord::Read {
            results,
            same,
            complaints,
        })
    }

    fn result(
        &self,
        student: &Student,
        record: &Record,
        complaints: &mut Vec<Complaint>,
    ) -> ResultOf {
        let Sources {
            course,
            times,
            titles,
            ..
        } = self.sources;
        ResultOf {
            standing: standing::of_student(
                &student.person.id,
                &student.submissions,
                record,
                (course, times),
                self.now,
                |lab| titles.points(lab),
                complaints,
            ),
            outcomes: outcomes(record),
            graded_at: record.graded_at.clone(),
            suspicions: suspicions(record),
            compile_ms: record
                .labs
                .iter()
                .map(|lab| (lab.id.clone(), lab.compile.ms))
                .collect(),
            refusals: refusals(record, &self.sources.titles),
        }
    }
}
