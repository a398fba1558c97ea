//! Points: as the checks gave them, and as they count in the end.
//!
//! A record is never changed. What a course gives back for a void check or takes for lateness
//! is worked out here, anew for every report, and stands beside the raw points.

use testbench::record::{CheckRecord, LabRecord, Record};

use super::complaint::Complaint;
use super::course_file::CourseFile;
use super::moment::Moment;
use super::submission_times::SubmissionTimes;
use crate::grade::record::counts;

/// Points reached, of points that could be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Points {
    /// Reached.
    pub reached: u32,
    /// To reach.
    pub max: u32,
}

/// How a student stands.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// In each lab that counts: those that were graded, and those that were due and are not there.
    pub labs: Vec<LabStanding>,
}

/// How a student stands in a lab.
#[derive(Debug, Clone)]
pub struct LabStanding {
    /// The lab.
    pub lab: String,
    /// Whether it was due and has no result.
    pub absent: bool,
    /// As the checks gave them.
    pub raw: Points,
    /// What is given back for void checks.
    pub given_back: u32,
    /// When it was handed in, if that is known.
    pub submitted: Option<Moment>,
    /// When it was due, if it was.
    pub due: Option<Moment>,
    /// How late it was, if it was.
    pub late: Option<Lateness>,
}

/// How late a lab was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lateness {
    /// Seconds after it was due.
    pub seconds: u64,
    /// Days begun, as the rule counts them; none in its grace.
    pub days: u32,
    /// What it costs, in points.
    pub cost: u32,
}

impl Points {
    /// Adds up.
    pub fn sum(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().fold(Self::default(), |sum, points| Self {
            reached: sum.reached + points.reached,
            max: sum.max + points.max,
        })
    }
}

impl LabStanding {
    /// Whether it is due and was handed in, and nobody knows when.
    pub fn is_untimed(&self) -> bool {
        self.due.is_some() && self.submitted.is_none() && !self.absent
    }

    /// As they count in the end.
    pub fn last(&self) -> Points {
        let cost = self.late.map_or(0, |late| late.cost);
        Points {
            reached: (self.raw.reached + self.given_back).saturating_sub(cost),
            max: self.raw.max,
        }
    }
}

impl Standing {
    /// All labs together, as the checks gave them.
    pub fn raw(&self) -> Points {
        Points::sum(self.labs.iter().map(|lab| lab.raw))
    }

    /// All labs together, as they count in the end.
    pub fn last(&self) -> Points {
        Points::sum(self.labs.iter().map(LabStanding::last))
    }

    /// What lateness costs in all.
    pub fn late_cost(&self) -> u32 {
        let late = self.labs.iter().filter_map(|lab| lab.late);
        late.map(|late| late.cost).sum()
    }

    /// In the lab called `name`.
    pub fn lab(&self, name: &str) -> Option<&LabStanding> {
        self.labs.iter().find(|lab| lab.lab == name)
    }
}

/// How a student who handed in as `ids` stands by `record`. A lab that was due for them before `now` counts, with none of
/// the points that it is `worth`, where there is no result; where nobody knows when a due lab was
/// handed in, it counts as in time.
pub fn of_student(
    student: &str,
    ids: &[String],
    record: &Record,
    (course, times): (&CourseFile, &SubmissionTimes),
    now: Moment,
    worth: impl Fn(&str) -> Option<u32>,
    complaints: &mut Vec<Complaint>,
) -> Standing {
    let lab = |lab: &LabRecord| of_lab(student, ids, lab, course, times, complaints);
    let mut labs: Vec<LabStanding> = record.labs.iter().map(lab).collect();
    for name in course.due.keys() {
        let due = course.due_for(student, name).filter(|due| *due < now);
        let there = record.labs.iter().any(|lab| lab.id == *name);
        if let (Some(due), Some(max), false) = (due, worth(name), there) {
            labs.push(LabStanding {
                lab: name.clone(),
                absent: true,
                raw: Points { reached: 0, max },
                given_back: 0,
                submitted: None,
                due: Some(due),
                late: None,
            });
        }
    }
    Standing { labs }
}

fn of_lab(
    student: &str,
    ids: &[String],
    lab: &LabRecord,
    course: &CourseFile,
    times: &SubmissionTimes,
    complaints: &mut Vec<Complaint>,
) -> LabStanding {
    let counted = || lab.checks.iter().filter(|check| counts(check.status));
    let raw = Points::sum(counted().map(of_check));
    let void = counted().filter(|check| course.void(&lab.id, &check.id).is_some());
    let given_back = void
        .map(|check| check.max_points.saturating_sub(check.points))
        .sum();
    let submitted = submitted(ids, lab, times, complaints);
    let due = course.due_for(student, &lab.id);
    let late = due.zip(submitted).and_then(|(due, submitted)| {
        let seconds = submitted.seconds_after(due);
        let (days, cost) = course
            .late
            .map_or((0, 0), |rule| rule.cost(seconds, raw.reached + given_back));
        (seconds > 0).then_some(Lateness {
            seconds,
            days,
            cost,
        })
    });
    LabStanding {
        lab: lab.id.clone(),
        absent: false,
        raw,
        given_back,
        submitted,
        due,
        late,
    }
}

/// The points of a check.
pub fn of_check(check: &CheckRecord) -> Points {
    Points {
        reached: check.points,
        max: check.max_points,
    }
}

/// When a lab was handed in: as the platform says, else as its manifest says.
fn submitted(
    ids: &[String],
    lab: &LabRecord,
    times: &SubmissionTimes,
    complaints: &mut Vec<Complaint>,
) -> Option<Moment> {
    let noted = ids.iter().find_map(|id| times.of_submission(id, &lab.id));
    if noted.is_some() {
        return noted;
    }
    let written = lab.sources.submitted_at.as_deref()?;
    written
        .parse()
        .map_err(|what| {
            complaints.push(Complaint::note(
                format!("the manifest of `{}` for {}: {what}", ids.concat(), lab.id),
                "give the platform's times: --times FILE, with the columns id,submitted_at",
            ));
        })
        .ok()
}
