//! A cohort's result, for whoever keeps the course. It holds names and sentences, no payload.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use testbench::record::Status;

use super::super::data::complaint::Complaint;
use super::super::data::course_file::CourseFile;
use super::super::data::standing::{LabStanding, Points, Standing};
use super::super::data::students::Student;
use super::distribution::{Spread, share};
use super::items::{Item, items};
use super::mistakes::{CommonMistake, common_mistakes};
use super::outcome::{CheckKey, Outcome};
use super::places::Places;
use super::suspicion::SameSources;
use super::text::Text;
use super::titles::CourseTitles;
use crate::grade::record::{counts, failed};
use crate::slots::joined;

/// How many of the slowest are listed.
const SLOWEST: usize = 10;

/// What is kept of one student, once their record has been read.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Who.
    pub student: Student,
    /// Their result; nothing when they are missing, or their record cannot be read.
    pub result: Option<ResultOf>,
}

/// A student's result, in few words.
#[derive(Debug, Clone, Default)]
pub struct ResultOf {
    /// How they stand.
    pub standing: Standing,
    /// How they did in each check.
    pub outcomes: Vec<Outcome>,
    /// When it was graded.
    pub graded_at: String,
    /// What is worth a look.
    pub suspicions: Vec<Text<'static>>,
    /// How long each lab took to compile, milliseconds.
    pub compile_ms: Vec<(String, u64)>,
    /// What could not be graded, and why.
    pub refusals: Vec<Text<'static>>,
}

/// A cohort's result.
#[derive(Debug)]
pub struct CohortPage<'a> {
    /// What the course is called.
    pub course: Text<'a>,
    /// When the last of it was graded.
    pub graded_at: Text<'a>,
    /// The spread of the points that count, all labs together.
    pub spread: Spread,
    /// Each lab.
    pub labs: Vec<LabRow<'a>>,
    /// Each check.
    pub items: Vec<Item<'a>>,
    /// The commonest mistakes.
    pub mistakes: Vec<CommonMistake<'a>>,
    /// Each student with a result.
    pub students: Vec<StudentRow<'a>>,
    /// Who has none.
    pub missing: Vec<(Text<'a>, Text<'a>)>,
    /// Who is worth a look, and why.
    pub suspicious: Vec<(Text<'a>, Text<'a>)>,
    /// Checks that passed only on their second try.
    pub flaky: Vec<Flaky<'a>>,
    /// The slowest checks: milliseconds, who, which.
    pub slowest: Vec<(u64, Text<'a>, Text<'a>)>,
    /// What is not as it should be.
    pub complaints: Vec<Complaint>,
}

/// A lab over all students.
#[derive(Debug)]
pub struct LabRow<'a> {
    /// Its name.
    pub id: Text<'a>,
    /// Its title.
    pub title: Text<'a>,
    /// What it is worth: the most that anybody could reach in it.
    pub max: u32,
    /// The spread of the points that count.
    pub spread: Spread,
    /// How many were late.
    pub late: usize,
    /// For how many a stage of it did not compile.
    pub broken: usize,
    /// Its stages: name, title, spread.
    pub stages: Vec<(Text<'a>, Text<'a>, Spread)>,
}

/// A student with a result.
#[derive(Debug)]
pub struct StudentRow<'a> {
    /// Their id.
    pub id: Text<'a>,
    /// Their name.
    pub name: Text<'a>,
    /// Their group.
    pub group: Option<Text<'a>>,
    /// Points as the checks gave them.
    pub raw: Points,
    /// Points as they count.
    pub last: Points,
    /// Points that count in each lab; nothing where it was not graded.
    pub labs: Vec<Option<Points>>,
    /// How many days of lateness were counted.
    pub days_late: u32,
    /// How they did in each of the page's items.
    pub cells: Vec<Cell>,
    /// What could not be graded, and why.
    pub refusals: Vec<Text<'a>>,
}

/// How a student did in a check, at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// Passed.
    Pass,
    /// Failed.
    Fail,
    /// Failed behind another failure.
    Behind,
    /// Did not compile.
    Broken,
    /// Not judged: skipped, the grader's error, or not graded.
    Open,
}

/// A check that passed for somebody only on its second try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaky<'a> {
    /// The check.
    pub check: Text<'a>,
    /// How often it was tried again.
    pub again: usize,
    /// How often the second try passed.
    pub passed: usize,
}

impl<'a> CohortPage<'a> {
    /// The page of all these.
    pub fn of(
        summaries: &'a [Summary],
        same: &'a SameSources,
        course: &'a CourseFile,
        titles: &'a CourseTitles,
        complaints: Vec<Complaint>,
    ) -> Self {
        let results: Vec<(&Student, &ResultOf)> = summaries
            .iter()
            .filter_map(|summary| Some((&summary.student, summary.result.as_ref()?)))
            .collect();
        let outcomes = || results.iter().map(|(_, result)| result.outcomes.as_slice());
        let names = lab_names(&results, titles);
        // Side by side, for each goes over every outcome.
        let (mut items, labs) = thread::scope(|scope| {
            let adding_up = scope.spawn(|| items(outcomes(), titles));
            let labs = names.iter().map(|lab| lab_row(lab, &results, titles));
            let labs = labs.collect();
            (joined(adding_up), labs)
        });
        for item in &mut items {
            item.void = course.void(&item.key.0, &item.key.1).map(Text::of);
        }
        let total = results.iter().filter_map(|(_, result)| {
            let last = result.standing.last();
            share(last.reached, last.max)
        });
        let graded_at = results
            .iter()
            .map(|(_, result)| result.graded_at.as_str())
            .max();
        let mut places = Places::default();
        for item in &items {
            places.of(&item.key);
        }
        let students = results
            .iter()
            .map(|(student, result)| {
                let mut cells = vec![Cell::Open; items.len()];
                for outcome in &result.outcomes {
                    cells[places.of(&outcome.key)] = cell(outcome);
                }
                student_row(student, result, &names, cells)
            })
            .collect();
        Self {
            course: Text::of(course.title.as_deref().unwrap_or("Socket Labs")),
            graded_at: Text::of(graded_at.unwrap_or("never")),
            spread: Spread::of(total.collect()),
            labs,
            mistakes: common_mistakes(outcomes()),
            students,
            missing: summaries
                .iter()
                .filter(|summary| summary.result.is_none())
                .map(|summary| {
                    (
                        Text::of(&summary.student.person.id),
                        Text::of(&summary.student.person.name),
                    )
                })
                .collect(),
            suspicious: suspicious(&results, same),
            flaky: flaky(outcomes().flatten()),
            slowest: slowest(&results),
            items,
            complaints,
        }
    }
}

/// The labs that anybody has a result in, in the order of the course.
fn lab_names<'a>(results: &[(&Student, &'a ResultOf)], titles: &CourseTitles) -> Vec<&'a str> {
    let labs = results.iter().flat_map(|(_, result)| &result.standing.labs);
    let names: BTreeSet<&str> = labs.map(|lab| lab.lab.as_str()).collect();
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_by_key(|name| titles.place(name, "").0);
    names
}

fn lab_row<'a>(
    lab: &'a str,
    results: &[(&Student, &'a ResultOf)],
    titles: &'a CourseTitles,
) -> LabRow<'a> {
    let standings = || {
        results
            .iter()
            .filter_map(|(_, result)| result.standing.lab(lab))
    };
    let last = standings().map(LabStanding::last);
    let mut stages: Vec<(&str, (usize, usize))> = Vec::new();
    let mut shares: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut broken = 0;
    for (_, result) in results {
        let outcomes = result.outcomes.iter();
        let outcomes: Vec<&Outcome> = outcomes.filter(|outcome| outcome.key.0 == lab).collect();
        broken += usize::from(
            outcomes
                .iter()
                .any(|outcome| outcome.status == Status::BuildError),
        );
        let mut points: BTreeMap<&str, Points> = BTreeMap::new();
        for outcome in outcomes {
            if !stages.iter().any(|(name, _)| *name == outcome.stage) {
                stages.push((&outcome.stage, titles.place(lab, &outcome.key.1)));
            }
            if counts(outcome.status) {
                let sum = points.entry(&outcome.stage).or_default();
                *sum = Points::sum([*sum, outcome.points]);
            }
        }
        for (stage, points) in points {
            shares
                .entry(stage)
                .or_default()
                .extend(share(points.reached, points.max));
        }
    }
    stages.sort_by_key(|(_, place)| *place);
    LabRow {
        id: Text::of(lab),
        title: Text::of(titles.lab(lab)),
        max: standings()
            .map(|standing| standing.raw.max)
            .max()
            .unwrap_or(0),
        spread: Spread::of(
            last.filter_map(|last| share(last.reached, last.max))
                .collect(),
        ),
        late: standings()
            .filter(|standing| standing.late.is_some_and(|late| late.days > 0))
            .count(),
        broken,
        stages: stages
            .into_iter()
            .map(|(name, _)| {
                let spread = Spread::of(shares.remove(name).unwrap_or_default());
                (Text::of(name), Text::of(titles.stage(lab, name)), spread)
            })
            .collect(),
    }
}

fn student_row<'a>(
    student: &'a Student,
    result: &'a ResultOf,
    labs: &[&str],
    cells: Vec<Cell>,
) -> StudentRow<'a> {
    let standing = &result.standing;
    StudentRow {
        id: Text::of(&student.person.id),
        name: Text::of(&student.person.name),
        group: student.group.as_deref().map(Text::of),
        raw: standing.raw(),
        last: standing.last(),
        labs: labs
            .iter()
            .map(|lab| standing.lab(lab).map(LabStanding::last))
            .collect(),
        days_late: standing
            .labs
            .iter()
            .filter_map(|lab| lab.late)
            .map(|late| late.days)
            .sum(),
        cells,
        refusals: result.refusals.clone(),
    }
}

fn cell(outcome: &Outcome) -> Cell {
    match outcome.status {
        Status::Pass => Cell::Pass,
        Status::BuildError => Cell::Broken,
        status if !failed(status) => Cell::Open,
        _ if outcome.behind => Cell::Behind,
        _ => Cell::Fail,
    }
}

fn suspicious<'a>(
    results: &[(&'a Student, &'a ResultOf)],
    same: &'a SameSources,
) -> Vec<(Text<'a>, Text<'a>)> {
    let mut found: Vec<(Text, Text)> = Vec::new();
    for (student, result) in results {
        let id = Text::of(&student.person.id);
        let reasons = result.suspicions.iter().cloned();
        found.extend(reasons.map(|reason| (id.clone(), reason)));
    }
    for (lab, submissions) in same.found() {
        let all: Vec<&str> = submissions.iter().map(Text::as_str).collect();
        found.push((
            Text::of(all.join(", ")),
            Text::of(format!("{lab}: the same stage files, byte for byte")),
        ));
    }
    found
}

fn flaky<'a>(outcomes: impl Iterator<Item = &'a Outcome>) -> Vec<Flaky<'a>> {
    let mut found: BTreeMap<&CheckKey, (usize, usize)> = BTreeMap::new();
    for outcome in outcomes.filter(|outcome| outcome.tried_again) {
        let (again, passed) = found.entry(&outcome.key).or_default();
        *again += 1;
        *passed += usize::from(outcome.status == Status::Pass);
    }
    let mut flaky: Vec<Flaky> = found
        .into_iter()
        .filter(|(_, (_, passed))| *passed > 0)
        .map(|((lab, id), (again, passed))| Flaky {
            check: Text::of(format!("{lab}: {id}")),
            again,
            passed,
        })
        .collect();
    flaky.sort_by(|left, right| {
        right
            .passed
            .cmp(&left.passed)
            .then(right.again.cmp(&left.again))
    });
    flaky
}

fn slowest<'a>(results: &[(&'a Student, &'a ResultOf)]) -> Vec<(u64, Text<'a>, Text<'a>)> {
    let mut all: Vec<(u64, &'a str, String)> = Vec::new();
    for (student, result) in results {
        let id = student.person.id.as_str();
        let checks = result.outcomes.iter().max_by_key(|outcome| outcome.ms);
        all.extend(checks.map(|outcome| {
            (
                outcome.ms,
                id,
                format!("{}: {}", outcome.key.0, outcome.key.1),
            )
        }));
        let compile = result.compile_ms.iter().max_by_key(|(_, ms)| *ms);
        all.extend(compile.map(|(lab, ms)| (*ms, id, format!("{lab}: compiling"))));
    }
    all.sort_by(|left, right| right.0.cmp(&left.0).then_with(|| left.1.cmp(right.1)));
    all.truncate(SLOWEST);
    all.into_iter()
        .map(|(ms, id, what)| (ms, Text::of(id), Text::of(what)))
        .collect()
}
