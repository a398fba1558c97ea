//! One student's result, as far as they may see it.

use testbench::record::{CheckRecord, LabRecord, Status, Visibility};

use super::super::data::course_file::CourseFile;
use super::super::data::standing::{LabStanding, Points, Standing, of_check};
use super::super::data::students::Student;
use super::evidence::{Evidence, evidence};
use super::refusals::refusals;
use super::text::Text;
use super::titles::CourseTitles;
use super::visibility::Seen;
use crate::grade::record::{counts, failed};
use crate::report::failure::sentence;
use crate::report::stage::{counted, todo};

/// One student's result.
#[derive(Debug)]
pub struct StudentPage<'a> {
    /// What the course is called.
    pub course: Text<'a>,
    /// The student's id.
    pub id: Text<'a>,
    /// The student's name.
    pub name: Text<'a>,
    /// Their group, where they have one.
    pub group: Option<Text<'a>>,
    /// When it was graded.
    pub graded_at: Text<'a>,
    /// What could not be graded, and why.
    pub refusals: Vec<Text<'a>>,
    /// The points of all labs; nothing while checks are withheld.
    pub total: Option<Total>,
    /// How many checks are withheld.
    pub withheld: usize,
    /// Until when they are, if that is known.
    pub until: Option<Text<'a>>,
    /// What they may see, lab by lab.
    pub labs: Vec<LabPage<'a>>,
    /// Labs that were due and have no result: their titles, and what is to be said of them.
    pub absent: Vec<(Text<'a>, Text<'a>)>,
}

/// Points as the checks gave them, and as they count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// As the checks gave them.
    pub raw: Points,
    /// As they count in the end.
    pub last: Points,
}

/// A lab of a student's result.
#[derive(Debug)]
pub struct LabPage<'a> {
    /// Its name.
    pub id: Text<'a>,
    /// Its title.
    pub title: Text<'a>,
    /// How it stands; nothing while checks of it are withheld.
    pub standing: Option<LabStanding>,
    /// The points of the checks that are shown.
    pub shown: Points,
    /// When it was due and how late it was, in words.
    pub lateness: Option<Text<'a>>,
    /// The compiler's errors, by lines.
    pub diagnostics: Vec<Vec<Text<'a>>>,
    /// What was handed in and not used, with the reason.
    pub ignored: Vec<(Text<'a>, Text<'a>)>,
    /// Its stages.
    pub stages: Vec<StagePage<'a>>,
}

/// A stage of a student's result.
#[derive(Debug)]
pub struct StagePage<'a> {
    /// Its name.
    pub name: Text<'a>,
    /// Its title.
    pub title: Text<'a>,
    /// The file that the student wrote, from the workspace on.
    pub file: Text<'a>,
    /// The points of the checks that are shown.
    pub points: Points,
    /// Whether it was not handed in, so that its stub was graded.
    pub missing: bool,
    /// Whether it does not compile, and nothing else is wrong with it.
    pub broken: bool,
    /// What is still to do, where the stub stands there untouched.
    pub to_do: Option<Text<'a>>,
    /// Its checks.
    pub checks: Vec<CheckPage<'a>>,
}

/// A check of a student's result.
#[derive(Debug)]
pub struct CheckPage<'a> {
    /// Its id.
    pub id: Text<'a>,
    /// Its title.
    pub title: Text<'a>,
    /// Whether students do not have its text.
    pub hidden: bool,
    /// How it ended.
    pub status: Status,
    /// Its points, as the check gave them.
    pub points: Points,
    /// How long it took.
    pub ms: u64,
    /// Why it was declared void, if it was: its points are given back.
    pub void: Option<Text<'a>>,
    /// The title of the failure that explains this one.
    pub because: Option<Text<'a>>,
    /// Whether it is behind another failure, or nothing failed: then it needs no room.
    pub explained: bool,
    /// The sentence that teaches; a stub's `todo!` needs none.
    pub sentence: Option<Text<'a>>,
    /// What happened, or why it was not judged.
    pub happened: Option<Text<'a>>,
    /// Statuses of earlier attempts.
    pub attempts: Vec<(Status, u64)>,
    /// The evidence, where it may be seen, there is some, and no other failure explains it.
    pub evidence: Option<Evidence<'a>>,
    /// Where the notes say what is asked.
    pub notes: Notes<'a>,
    /// The command that repeats this very run.
    pub replay: Option<Text<'a>>,
}

/// Where the notes say what is asked.
#[derive(Debug)]
pub struct Notes<'a> {
    /// The path in the workspace.
    pub path: Text<'a>,
    /// Where the book is published, if it is.
    book: Option<&'a str>,
}

impl<'a> StudentPage<'a> {
    /// The page of `student`, of what they may see.
    pub fn of(
        student: &'a Student,
        seen: &'a Seen,
        standing: &'a Standing,
        course: &'a CourseFile,
        titles: &'a CourseTitles,
    ) -> Self {
        let record = &seen.record;
        let known = seen.withheld == 0;
        let title = course.title.as_deref().unwrap_or("Socket Labs");
        Self {
            course: Text::of(title),
            id: Text::of(&student.person.id),
            name: Text::of(&student.person.name),
            group: student.group.as_deref().map(Text::of),
            graded_at: Text::of(&record.graded_at),
            refusals: refusals(record, titles),
            total: known.then(|| Total {
                raw: standing.raw(),
                last: standing.last(),
            }),
            withheld: seen.withheld,
            until: seen.until.map(|until| Text::of(until.in_words())),
            labs: record
                .labs
                .iter()
                .map(|lab| {
                    let standing = standing.lab(&lab.id);
                    lab_page(lab, standing, known, course, titles)
                })
                .collect(),
            absent: standing
                .labs
                .iter()
                .filter(|lab| lab.absent)
                .map(|lab| (Text::of(titles.lab(&lab.lab)), absence(lab)))
                .collect(),
        }
    }
}

fn lab_page<'a>(
    lab: &'a LabRecord,
    standing: Option<&LabStanding>,
    known: bool,
    course: &'a CourseFile,
    titles: &'a CourseTitles,
) -> LabPage<'a> {
    let mut names: Vec<&str> = lab
        .checks
        .iter()
        .map(|check| check.stage.as_str())
        .collect();
    names.dedup();
    let counted = lab.checks.iter().filter(|check| counts(check.status));
    LabPage {
        id: Text::of(&lab.id),
        title: Text::of(titles.lab(&lab.id)),
        standing: standing.filter(|_| known).cloned(),
        shown: Points::sum(counted.map(of_check)),
        lateness: standing.and_then(|standing| lateness(standing, known)),
        diagnostics: lab
            .compile
            .diagnostics
            .iter()
            .map(|diagnostic| Text::lines(&diagnostic.text))
            .collect(),
        ignored: lab
            .sources
            .ignored
            .iter()
            .map(|ignored| (Text::of(&ignored.path), Text::of(&ignored.why)))
            .collect(),
        stages: names
            .iter()
            .map(|name| stage_page(lab, name, course, titles))
            .collect(),
    }
}

/// `due 2025-10-20T21:59:00Z, handed in ..., 2 days late: 4 points less`. What lateness costs
/// tells the total, so it stays untold while that is withheld.
fn lateness(standing: &LabStanding, known: bool) -> Option<Text<'static>> {
    let due = standing.due?.in_words();
    let Some(submitted) = standing.submitted else {
        return Some(Text::of(format!("due {due}")));
    };
    let told = match standing.late {
        None => "in time".to_owned(),
        Some(late) if late.days == 0 => "late, which costs nothing".to_owned(),
        Some(late) => {
            let days = counted(late.days as usize, "day");
            match late.cost {
                cost if known => format!(
                    "{days} late, which costs {}",
                    counted(cost as usize, "point")
                ),
                _ => format!("{days} late"),
            }
        }
    };
    Some(Text::of(format!(
        "due {due}, handed in {}: {told}",
        submitted.in_words()
    )))
}

/// `due 2025-10-20T21:59:00Z, and there is no result: 0 of 100 points`.
fn absence(lab: &LabStanding) -> Text<'static> {
    let due = lab.due.map(|due| format!("due {}, and ", due.in_words()));
    Text::of(format!(
        "{}there is no result: 0 of {} points",
        due.unwrap_or_default(),
        lab.raw.max
    ))
}

fn stage_page<'a>(
    lab: &'a LabRecord,
    name: &'a str,
    course: &'a CourseFile,
    titles: &'a CourseTitles,
) -> StagePage<'a> {
    let checks: Vec<&CheckRecord> = lab
        .checks
        .iter()
        .filter(|check| check.stage == name)
        .collect();
    let counted = checks.iter().filter(|check| counts(check.status));
    let points = Points::sum(counted.map(|check| of_check(check)));
    let failures = || checks.iter().filter(|check| failed(check.status));
    StagePage {
        name: Text::of(name),
        title: Text::of(titles.stage(&lab.id, name)),
        file: Text::of(format!("labs/{}/src/{}.rs", lab.id, name.replace('-', "_"))),
        points,
        missing: lab.sources.missing.iter().any(|missing| missing == name),
        broken: failures().all(|check| check.status == Status::BuildError)
            && failures().next().is_some(),
        to_do: to_do(&checks),
        checks: checks
            .iter()
            .map(|check| check_page(check, lab, course))
            .collect(),
    }
}

/// What the stub says is to be done, if it is what every failure of the stage comes to.
fn to_do<'a>(checks: &[&'a CheckRecord]) -> Option<Text<'a>> {
    let failures: Vec<_> = checks.iter().filter(|check| failed(check.status)).collect();
    // Of a hidden check a student may not see how its program ended, so only some tell.
    let mut told = failures
        .iter()
        .filter(|check| check.finding.program.is_some() || check.visibility == Visibility::Public)
        .map(|check| todo(check)?.todo());
    let first = told.next()??;
    let what = first.split("; ").next().unwrap_or(first);
    told.all(|other| other.is_some()).then(|| Text::of(what))
}

fn check_page<'a>(
    check: &'a CheckRecord,
    lab: &'a LabRecord,
    course: &'a CourseFile,
) -> CheckPage<'a> {
    let because = check.because.as_ref().and_then(|id| {
        let mut checks = lab.checks.iter();
        checks.find(|earlier| earlier.id == *id)
    });
    CheckPage {
        id: Text::of(&check.id),
        title: Text::of(&check.title),
        hidden: check.visibility == Visibility::Hidden,
        status: check.status,
        points: of_check(check),
        ms: check.ms,
        void: course.void(&lab.id, &check.id).map(Text::of),
        because: because.map(|earlier| Text::of(&earlier.title)),
        explained: because.is_some() || !failed(check.status),
        sentence: check
            .finding
            .feedback
            .as_deref()
            .filter(|_| failed(check.status) && todo(check).is_none())
            .map(Text::of),
        happened: check
            .finding
            .happened
            .as_deref()
            .map(|happened| Text::of(sentence(happened))),
        attempts: check
            .attempts
            .iter()
            .map(|attempt| (attempt.status, attempt.ms))
            .collect(),
        evidence: match because {
            Some(_) => None,
            None => evidence(&check.finding),
        },
        notes: Notes {
            path: Text::of(&check.notes),
            book: course.book.as_deref(),
        },
        replay: Some(Text::of(&check.replay)).filter(|replay| !replay.is_empty()),
    }
}

impl Notes<'_> {
    /// The address in the book, where it is published and the path is a plain one.
    pub fn address(&self) -> Option<Text<'static>> {
        let book = self.book?;
        let inside = self.path.as_str().strip_prefix("docs/src/")?;
        let (page, anchor) = inside.split_once(".md#")?;
        let plain = |part: &str| {
            part.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/'))
        };
        (plain(page) && plain(anchor)).then(|| Text::of(format!("{book}{page}.html#{anchor}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_path_has_an_address_and_only_in_a_published_book() {
        let address = |path, book| {
            let path = Text::of(path);
            Notes { path, book }.address()
        };
        let book = Some("https://example.org/");
        let of = |path| address(path, book).map(|address| address.to_string());
        let known = "docs/src/labs/udp.md#echo-1";
        assert_eq!(
            of(known).as_deref(),
            Some("https://example.org/labs/udp.html#echo-1")
        );
        for path in [
            "docs/src/../x.md#a",
            "docs/src/a.md#x\"y",
            "docs/src/a.md",
            "a.md#b",
        ] {
            assert_eq!(of(path), None, "{path}");
        }
        assert_eq!(address(known, None), None);
    }
}
