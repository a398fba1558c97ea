//! The cohort's page in a real browser: headings sort, the list filters, nothing is loaded.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::report::Records;

/// The exit code by which the script says that there is no browser to drive.
const NO_BROWSER: i32 = 77;

/// The names in a list.
fn names(list: &Value) -> Vec<&str> {
    let names = list.as_array().expect("a list").iter();
    names.filter_map(Value::as_str).collect()
}

#[test]
fn a_click_sorts_typing_filters_and_the_page_loads_nothing() {
    let records = Records::new(6, false);
    records.report(&["--format", "html,csv"]).assert().code(0);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/cohort.py");
    let page = records.path("reports/cohort.html");
    let output = Command::new("python3")
        .arg(script)
        .arg(format!("file://{}", page.display()))
        .output();
    let output = match output {
        Ok(output) if output.status.code() != Some(NO_BROWSER) => output,
        Ok(output) => {
            println!("skipped: {}", String::from_utf8_lossy(&output.stderr));
            return;
        }
        Err(error) => {
            println!("skipped: no python3 here: {error}");
            return;
        }
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let (before, down, up) = (
        names(&told["before"]),
        names(&told["down"]),
        names(&told["up"]),
    );
    assert_eq!(before.len(), 6);
    assert_ne!(down, before);
    assert_eq!(told["sorted"], "descending");
    // Equal totals would keep their order; here no two are equal.
    let mut turned = up.clone();
    turned.reverse();
    assert_eq!(turned, down);
    assert_eq!(names(&told["strips"]), down, "the heat map follows");
    assert_eq!(down, by_total(&records));
    assert_eq!(names(&told["found"]), ["student-002"]);
    assert_eq!(told["status"], "1 of 6 students");
    // Below zero by as much as a scroll bar takes.
    assert!(
        told["overflow"].as_i64().is_some_and(|pixels| pixels <= 0),
        "{}",
        told["overflow"]
    );
    assert!(names(&told["errors"]).is_empty(), "{}", told["errors"]);
    assert!(names(&told["requests"]).is_empty(), "{}", told["requests"]);
}

/// The ids by the gradebook's totals, the best first.
fn by_total(records: &Records) -> Vec<String> {
    let gradebook = records.read("reports/gradebook.csv");
    let mut rows = gradebook.lines().map(|row| {
        row.split(',')
            .map(|cell| cell.trim_matches('"'))
            .collect::<Vec<_>>()
    });
    let header = rows.next().expect("a header");
    let total = header
        .iter()
        .position(|cell| *cell == "total")
        .expect("a column");
    let mut totals: Vec<(u32, String)> = rows
        .filter_map(|row| Some((row[total].parse().ok()?, row[0].to_owned())))
        .collect();
    totals.sort_by_key(|(total, _)| std::cmp::Reverse(*total));
    totals.into_iter().map(|(_, id)| id).collect()
}
