//! Rubric, check binaries and notes name the same checks and rules.

use std::collections::BTreeSet;

use testbench::record::Visibility;

use super::gate::{Passage, Trouble};
use crate::course::lab::{GUIDE, Lab};
use crate::course::nearest::nearest;
use crate::course::notes::Notes;
use crate::course::rubric::Stage;
use crate::fault::{Fault, Result};
use crate::report::stage::counted;
use crate::toolchain::suite::{Suite, name_of};

/// Holds the rubric of `lab` against its check binaries and its notes.
///
/// # Errors
/// A binary cannot be run, or the notes are not there or cannot be read.
pub fn agree(lab: &Lab, suites: &[Suite]) -> Result<Passage> {
    if !lab.notes().is_file() {
        return Err(Fault::usage(
            format!(
                "{} has no notes: there is no {}",
                lab.name,
                lab.notes_shown()
            ),
            format!("write them, see {GUIDE}"),
        ));
    }
    let notes = Notes::read(&lab.notes())?;
    let mut troubles = Vec::new();
    for visibility in [Visibility::Public, Visibility::Hidden] {
        let suite = suites.iter().find(|suite| suite.visibility == visibility);
        let tests = suite.map_or_else(|| Ok(Vec::new()), Suite::ids)?;
        troubles.extend(checks_and_tests(lab, visibility, &tests));
    }
    for stage in &lab.rubric.stages {
        troubles.extend(each_anchor_once(lab, stage, &notes));
        troubles.extend(checks_and_rules(lab, stage, &notes));
    }
    troubles.extend(rules_of_no_stage(lab, &notes));
    Ok(Passage {
        looked_at: format!(
            "{}, {}",
            counted(lab.rubric.checks().count(), "check"),
            counted(notes.rules.len(), "rule")
        ),
        troubles,
        ..Passage::default()
    })
}

/// The checks of `lab` come to 100 points.
pub fn a_hundred_points(lab: &Lab) -> Option<Trouble> {
    let points: u32 = lab.rubric.checks().map(|(_, check)| check.points).sum();
    (points != 100).then(|| {
        Trouble::new(
            format!(
                "labs/{}/lab.toml: its checks come to {}, and a lab has 100",
                lab.name,
                counted(points as usize, "point")
            ),
            "give its checks more or fewer, until they come to 100",
        )
    })
}

/// Each check has its test, each test its check.
fn checks_and_tests(lab: &Lab, visibility: Visibility, tests: &[String]) -> Vec<Trouble> {
    let folder = format!("labs/{}/tests/{}", lab.name, name_of(visibility));
    let of_suite = lab
        .rubric
        .checks()
        .filter(|(_, check)| check.visibility == visibility);
    let mut troubles = Vec::new();
    let mut ids = BTreeSet::new();
    for (_, check) in of_suite {
        ids.insert(check.id.as_str());
        if !tests.contains(&check.id) {
            let meant = nearest(&check.id, tests.iter().map(String::as_str));
            let meant = meant
                .map(|meant| format!(" (is it `{meant}`?)"))
                .unwrap_or_default();
            troubles.push(Trouble::new(
                format!(
                    "labs/{}/lab.toml:{}: {folder} has no test `{}`",
                    lab.name, check.line, check.id
                ),
                format!("write it, or correct the id{meant}"),
            ));
        }
    }
    for test in tests.iter().filter(|test| !ids.contains(test.as_str())) {
        troubles.push(Trouble::new(
            format!(
                "{folder} has a test `{test}` that no {} check of the rubric names",
                name_of(visibility)
            ),
            format!("add it to labs/{}/lab.toml, or delete it", lab.name),
        ));
    }
    troubles
}

/// Feedback sends people to an anchor: there is one place of that name, and rules count up from 1.
fn each_anchor_once(lab: &Lab, stage: &Stage, notes: &Notes) -> Vec<Trouble> {
    let file = lab.notes_shown();
    let mut troubles = Vec::new();
    let sections = notes.sections.iter();
    if sections.filter(|name| **name == stage.name).count() > 1 {
        troubles.push(Trouble::new(
            format!("{file} has the anchor {} more than once", stage.name),
            "keep the one before the stage's heading",
        ));
    }
    let rules = notes.rules.iter().filter(|rule| rule.stage == stage.name);
    for (expected, rule) in (1..).zip(rules) {
        if rule.number != expected {
            troubles.push(Trouble::new(
                format!(
                    "{file}:{}: rule {}-{} stands where {}-{expected} is due",
                    rule.line, stage.name, rule.number, stage.name
                ),
                "give each rule an anchor of its own, and count them up from 1",
            ));
            break;
        }
    }
    troubles
}

/// Each check judges a rule that there is, each rule is judged or says why not.
fn checks_and_rules(lab: &Lab, stage: &Stage, notes: &Notes) -> Vec<Trouble> {
    let file = lab.notes_shown();
    let mut troubles = Vec::new();
    if !notes.sections.contains(&stage.name) {
        troubles.push(Trouble::new(
            format!("{file} has no section for stage `{}`", stage.name),
            format!("write it, behind <a id=\"{}\"></a>", stage.name),
        ));
    }
    let rules: Vec<_> = notes
        .rules
        .iter()
        .filter(|rule| rule.stage == stage.name)
        .collect();
    for check in &stage.checks {
        for must in check
            .must
            .iter()
            .filter(|must| !rules.iter().any(|rule| rule.number == **must))
        {
            troubles.push(Trouble::new(
                format!(
                    "labs/{}/lab.toml:{}: {file} has no rule {}-{must}",
                    lab.name, check.line, stage.name
                ),
                format!(
                    "write it, behind <a id=\"{}-{must}\"></a>, or correct the check's `must`",
                    stage.name
                ),
            ));
        }
    }
    for rule in rules {
        let name = format!("{file}:{}: rule {}-{}", rule.line, rule.stage, rule.number);
        if !rule.demands {
            troubles.push(Trouble::new(
                format!("{name} demands nothing"),
                "say in its sentence what MUST be",
            ));
        }
        let judged = stage
            .checks
            .iter()
            .any(|check| check.must.contains(&rule.number));
        let excused = stage
            .unjudged
            .iter()
            .find(|unjudged| unjudged.must == rule.number);
        match (judged, excused) {
            (false, None) => troubles.push(Trouble::new(
                format!("{name} is judged by no check"),
                "write a check, or say in the rubric why there is none: [[stage.unjudged]] must = N, why = \"...\"",
            )),
            (true, Some(_)) => troubles.push(Trouble::new(
                format!("{name} is judged, and the rubric says that it is not"),
                "delete its [[stage.unjudged]]",
            )),
            (false, Some(excused)) if excused.why.trim().is_empty() => troubles.push(Trouble::new(
                format!("{name} is not judged, and the rubric does not say why"),
                "give the reason in `why`",
            )),
            _ => {}
        }
    }
    troubles
}

fn rules_of_no_stage(lab: &Lab, notes: &Notes) -> Vec<Trouble> {
    let strays = notes
        .rules
        .iter()
        .filter(|rule| lab.stage(&rule.stage).is_none());
    strays
        .map(|rule| {
            Trouble::new(
                format!(
                    "{}:{}: rule {}-{} belongs to no stage of the rubric",
                    lab.notes_shown(),
                    rule.line,
                    rule.stage,
                    rule.number
                ),
                "correct its anchor",
            )
        })
        .collect()
}
