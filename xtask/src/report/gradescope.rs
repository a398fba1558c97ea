//! Gradescope's `results.json`: the fields that its autograder specification names.

use serde::Serialize;
use testbench::record::Status;

use super::data::standing::{Points, Standing};
use super::explained::explained;
use super::failure::word;
use super::view::student_page::{CheckPage, StudentPage};
use crate::fault::{Fault, Result};
use crate::grade::record::failed;

/// What Gradescope reads.
#[derive(Debug, Serialize)]
struct Results {
    /// The points that count, lateness and void checks included.
    score: u32,
    /// What is said of the whole.
    output: String,
    output_format: &'static str,
    test_output_format: &'static str,
    test_name_format: &'static str,
    stdout_visibility: &'static str,
    tests: Vec<Test>,
}

/// A test case.
#[derive(Debug, Serialize)]
struct Test {
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_score: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    name: String,
    output: String,
    tags: Vec<String>,
    visibility: &'static str,
}

/// A student's result for Gradescope. The checks that they may not see are one test that is
/// shown when grades are published; while it is not, Gradescope shows no total either.
///
/// # Errors
/// It cannot be written; nothing in memory keeps it from that.
pub fn gradescope(page: &StudentPage, standing: &Standing) -> Result<String> {
    let mut tests = Vec::new();
    let mut shown = Points::default();
    for lab in &page.labs {
        shown = Points::sum([shown, lab.shown]);
        for stage in &lab.stages {
            let group = format!("{}/{}", lab.id, stage.name);
            tests.extend(stage.checks.iter().map(|check| test(&group, check)));
        }
    }
    if page.withheld > 0 {
        let all = standing.raw();
        tests.push(Test {
            score: Some(all.reached.saturating_sub(shown.reached)),
            max_score: Some(all.max.saturating_sub(shown.max)),
            status: None,
            name: "Checks that are not shown yet".to_owned(),
            output: String::new(),
            tags: Vec::new(),
            visibility: "after_published",
        });
    }
    let results = Results {
        score: standing.last().reached,
        output: output(page),
        output_format: "text",
        test_output_format: "text",
        test_name_format: "text",
        stdout_visibility: "hidden",
        tests,
    };
    let text = serde_json::to_string_pretty(&results).map_err(|error| {
        Fault::grader(
            format!("the result cannot be written as JSON: {error}"),
            "tell whoever keeps this course",
        )
    })?;
    Ok(text + "\n")
}

/// What is said of the whole: why nothing counts, what does not compile, lateness.
fn output(page: &StudentPage) -> String {
    let mut lines: Vec<String> = page.refusals.iter().map(ToString::to_string).collect();
    lines.extend(
        page.absent
            .iter()
            .map(|(title, told)| format!("{title}: {told}")),
    );
    for lab in &page.labs {
        lines.extend(
            lab.lateness
                .as_ref()
                .map(|told| format!("{}: {told}", lab.id)),
        );
        for error in &lab.diagnostics {
            lines.extend(error.iter().map(ToString::to_string));
        }
    }
    lines.join("\n")
}

fn test(group: &str, check: &CheckPage) -> Test {
    let judged = failed(check.status) || check.status == Status::Pass;
    // A void check's points come with the score of the whole.
    let passed = check.status == Status::Pass;
    Test {
        score: judged.then_some(check.points.reached),
        max_score: judged.then_some(check.points.max),
        status: judged.then_some(if passed { "passed" } else { "failed" }),
        name: format!("{group}: {}", check.title),
        output: if passed {
            String::new()
        } else {
            let mut lines = vec![word(check.status).to_owned()];
            lines.extend(explained(check));
            lines.join("\n")
        },
        tags: vec![group.to_owned()],
        visibility: "visible",
    }
}
