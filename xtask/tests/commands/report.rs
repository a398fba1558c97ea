//! `cargo xtask report`, from the outside, on records that nobody handed in.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::course::lab::Lab;
use xtask::course::workspace::Workspace;

use crate::synthetic::{Plan, id, roster};

/// Every format there is.
pub(crate) const ALL: &str = "html,csv,canvas,moodle,junit,gradescope,github";

/// A time at which everything has been handed in.
const LATER: &str = "2025-11-01T00:00:00Z";

/// A folder of made-up records; deleted with this.
pub(crate) struct Records {
    folder: TempDir,
}

impl Records {
    /// The records of `count` students in two labs; what hidden checks saw is marked if `marked`.
    pub(crate) fn new(count: usize, marked: bool) -> Self {
        let records = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        let labs = labs();
        let plan = Plan { seed: 7, marked };
        for index in 0..count {
            let record = serde_json::to_string(&plan.record(&labs, index)).expect("JSON");
            records.write(&format!("records/{}.json", id(index)), &record);
        }
        records.write("roster.csv", &roster(count));
        records
    }

    /// `path` in the folder.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file of it.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// The text of a file.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("a report")
    }

    /// `cargo xtask report` on it, with these arguments.
    pub(crate) fn report(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .arg("report")
            .arg(self.folder.path())
            .args(["--as-of", LATER])
            .args(arguments)
            .current_dir(root());
        command
    }

    /// Every file below `folder`, by its path there.
    pub(crate) fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let top = self.path(folder);
        let mut files = BTreeMap::new();
        let mut folders = vec![top.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let inside = path
                        .strip_prefix(&top)
                        .expect("below")
                        .display()
                        .to_string();
                    files.insert(inside, fs::read(&path).expect("a file"));
                }
            }
        }
        files
    }
}

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.canonicalize().expect("this workspace")
}

fn labs() -> Vec<Lab> {
    let workspace = Workspace::around(&root()).expect("this workspace");
    ["server-basics", "udp"]
        .map(|name| Lab::open(&workspace, name).expect("a lab"))
        .into()
}

#[test]
fn the_made_up_records_keep_to_the_schema() {
    let labs = labs();
    for index in [0, 4] {
        let record = Plan {
            seed: 7,
            marked: false,
        }
        .record(&labs, index);
        crate::grade::assert_keeps_to_the_schema(&serde_json::json!(record));
    }
}

#[test]
fn reports_made_twice_are_the_same_byte_for_byte() {
    let records = Records::new(6, false);
    for out in ["one", "two"] {
        let out = records.path(out).display().to_string();
        let arguments = ["--format", ALL, "--out", &out];
        records.report(&arguments).assert().code(0);
    }
    let (one, two) = (records.files("one"), records.files("two"));
    assert_eq!(one.len(), 4 + 6 * 5);
    assert!(one == two);
}

#[test]
fn who_is_missing_is_told_and_listed() {
    let records = Records::new(3, false);
    records
        .report(&[])
        .assert()
        .code(0)
        .stdout(contains("3 submissions, 2 missing"));
    let page = records.read("reports/cohort.html");
    let missing = page.split("id=\"missing\"").nth(1).expect("a section");
    assert!(missing.contains("student-003") && missing.contains("student-004"));
    assert!(
        records
            .read("reports/gradebook.csv")
            .contains("\"missing\"")
    );
}

#[test]
fn a_bad_record_is_complained_about_and_the_others_are_reported() {
    let records = Records::new(3, false);
    let text = records.read("records/student-001.json");
    records.write("records/student-001.json", &text[..text.len() / 2]);
    records.write("records/other.json", "{\"schema\": \"of another program\"}");
    records
        .report(&[])
        .assert()
        .code(3)
        .stdout(contains("2 submissions, 3 missing"))
        .stderr(contains("student-001.json is no record: EOF"))
        .stderr(contains("other.json: its schema is `of another program`"))
        .stderr(contains("next: grade that submission again"));
    assert!(records.path("reports/students/student-002.html").exists());
    assert!(!records.path("reports/students/student-001.html").exists());
    assert!(
        records
            .read("reports/cohort.html")
            .contains("student-001.json is no record")
    );
}

#[test]
fn a_course_gives_back_void_checks_takes_for_lateness_and_leaves_raw_points() {
    let records = Records::new(4, false);
    let course = |extension: &str| {
        format!(
            "[labs.udp]\ndue = 2025-10-01T00:00:00Z\n[late]\npercent_per_day = 10\n\
             [[void]]\nlab = \"udp\"\ncheck = \"echo::returns_each_datagram\"\nwhy = \"unfair\"\n{extension}"
        )
    };
    let times = "id,lab,submitted_at\nstudent-000,udp,2025-10-02T12:00:00Z\n\
                 student-001,udp,2025-10-02T12:00:00Z\nstudent-002,udp,2025-09-30T12:00:00Z\n";
    records.write("times.csv", times);
    records.write(
        "course.toml",
        &course("[[extension]]\nstudent = \"student-001\"\ndays = 2\n"),
    );
    records.report(&["--format", "csv,html"]).assert().code(0);
    let gradebook = records.read("reports/gradebook.csv");
    let mut rows = gradebook.lines().map(|row| {
        row.split(',')
            .map(|cell| cell.trim_matches('"'))
            .collect::<Vec<_>>()
    });
    let header = rows.next().expect("a header");
    let column = |name: &str| {
        header
            .iter()
            .position(|cell| *cell == name)
            .expect("a column")
    };
    let columns = ["udp raw", "udp points", "udp days late"].map(column);
    let rows: Vec<Vec<u32>> = rows
        .take(3)
        .map(|row| {
            columns
                .iter()
                .map(|&index| row[index].parse().expect("a number"))
                .collect()
        })
        .collect();
    // The void check is worth 3 and failed by number 0, who is two days late.
    let [raw, points, days] = [rows[0][0], rows[0][1], rows[0][2]];
    assert_eq!(days, 2);
    assert!(points < raw + 4, "{points} of {raw}");
    // With two days more, number 1 is in time, as is number 2.
    assert_eq!((rows[1][2], rows[2][2]), (0, 0));
    assert!(rows[1][1] >= rows[1][0] && rows[2][1] >= rows[2][0]);
    let page = records.read("reports/students/student-000.html");
    assert!(page.contains("2 days late, which costs"), "{page}");
    assert!(page.contains("Void, its points are given back: unfair"));
}

#[test]
fn a_lab_that_was_due_and_is_not_there_counts_with_none_of_its_points() {
    let records = Records::new(2, false);
    let mut record: Value =
        serde_json::from_str(&records.read("records/student-000.json")).expect("a record");
    let labs = record["labs"].as_array_mut().expect("labs");
    labs.retain(|lab| lab["id"] != "udp");
    record["refused"] =
        json!([{"lab": "udp", "at": "2025-10-20T12:00:00Z", "why": "two files for echo.rs"}]);
    records.write("records/student-000.json", &record.to_string());
    let totals = |course: &str| {
        records.write("course.toml", course);
        records.report(&[]).assert().code(0);
        let gradebook = records.read("reports/gradebook.csv");
        let row = gradebook.lines().nth(1).expect("a student").to_owned();
        let cells: Vec<String> = row
            .split(',')
            .map(|cell| cell.trim_matches('"').to_owned())
            .collect();
        cells[cells.len() - 3].parse::<u32>().expect("a maximum")
    };
    let due = |day: &str| format!("[labs.udp]\ndue = 2025-{day}T00:00:00Z\n");
    let without = totals(&due("12-01"));
    let page = records.read("reports/students/student-000.html");
    assert!(
        page.contains("What was handed in for UDP could not be graded: two files for echo.rs."),
        "{page}"
    );
    assert!(!page.contains("there is no result"));
    let with = totals(&due("10-01"));
    assert_eq!(with, without + 100);
    let page = records.read("reports/students/student-000.html");
    assert!(page.contains("there is no result: 0 of 100 points"));
}

#[test]
fn a_stage_that_was_not_handed_in_or_does_not_compile_is_told_in_a_line() {
    let records = Records::new(1, false);
    let mut record: Value =
        serde_json::from_str(&records.read("records/student-000.json")).expect("a record");
    let lab = &mut record["labs"][0];
    lab["sources"]["missing"] = json!(["lines"]);
    for check in lab["checks"].as_array_mut().expect("checks") {
        if check["stage"] == "echo" {
            check["status"] = json!("build-error");
            check["points"] = json!(0);
        }
    }
    records.write("records/student-000.json", &record.to_string());
    records.report(&[]).assert().code(0);
    let page = records.read("reports/students/student-000.html");
    for (stage, told) in [
        ("server-basics--echo", "This stage does not compile"),
        ("server-basics--lines", "This file was not handed in"),
    ] {
        let section = page.split(&format!("id=\"{stage}\"")).nth(1);
        let section = section.expect("a section").split("<h3").next();
        assert!(section.expect("text").contains(told), "{stage}");
    }
    assert_eq!(page.matches("This stage does not compile").count(), 1);
}

#[test]
fn records_of_one_person_are_one_result() {
    let records = Records::new(3, false);
    let alone = |id: &str, lab: &str| {
        let path = format!("records/{id}.json");
        let mut record: Value = serde_json::from_str(&records.read(&path)).expect("a record");
        let labs = record["labs"].as_array_mut().expect("labs");
        labs.retain(|known| known["id"] == lab);
        records.write(&path, &record.to_string());
    };
    alone("student-000", "server-basics");
    alone("student-001", "udp");
    records.write(
        "roster.csv",
        "id,name,aliases\nstudent-000,Ada,student-001\nstudent-002,Bob,\n",
    );
    records
        .report(&[])
        .assert()
        .code(0)
        .stdout(contains("2 submissions, 0 missing"));
    let page = records.read("reports/students/student-000.html");
    assert!(page.contains("Points in server-basics") && page.contains("Points in udp"));
    assert!(
        records
            .read("reports/gradebook.csv")
            .contains("\"student-000 student-001\"")
    );
}

#[test]
fn times_of_nobody_and_of_no_lab_are_told() {
    let records = Records::new(1, false);
    records.write(
        "times.csv",
        "id,lab,submitted_at\nstudent-00,udp,2025-10-02T12:00:00Z\n",
    );
    records.report(&[]).assert().code(0).stderr(contains(
        "the table of times names student-00, who handed in nothing",
    ));
    records.write(
        "times.csv",
        "id,lab,submitted_at\nstudent-000,upd,2025-10-02T12:00:00Z\n",
    );
    records
        .report(&[])
        .assert()
        .code(2)
        .stderr(contains("times.csv:2: this course has no lab `upd`"))
        .stderr(contains("did you mean `udp`?"));
}

#[test]
fn a_slip_in_the_course_s_file_is_told_with_its_line_and_what_was_meant() {
    let records = Records::new(1, false);
    records.write("course.toml", "[visibility]\nhiden = \"names\"\n");
    records
        .report(&[])
        .assert()
        .code(2)
        .stderr(contains("course.toml:2: unknown field `hiden`"))
        .stderr(contains("next: did you mean `hidden`?"));
    records.write(
        "course.toml",
        "[[void]]\nlab = \"udp\"\ncheck = \"echo::returns_each_datagarm\"\nwhy = \"x\"\n",
    );
    records
        .report(&[])
        .assert()
        .code(2)
        .stderr(contains("did you mean `echo::returns_each_datagram`?"));
}

#[test]
fn a_page_of_somebody_who_left_does_not_stay() {
    let records = Records::new(2, false);
    records.report(&["--format", ALL]).assert().code(0);
    fs::remove_file(records.path("records/student-001.json")).expect("it was there");
    records.report(&["--format", ALL]).assert().code(0);
    for left in [
        "students/student-001.html",
        "junit/student-001.xml",
        "github/student-001.summary.md",
    ] {
        assert!(!records.path(&format!("reports/{left}")).exists(), "{left}");
    }
    assert!(records.path("reports/students/student-000.html").exists());
}

#[test]
fn a_group_s_record_is_a_page_for_each_member() {
    let records = Records::new(2, false);
    records.write("roster.csv", "id,name\nada,Ada\nbob,Bob\neve,Eve\n");
    records.write(
        "course.toml",
        "[groups]\nstudent-000 = [\"ada\", \"bob\"]\n",
    );
    records
        .report(&[])
        .assert()
        .code(0)
        .stdout(contains("3 submissions, 1 missing"))
        .stderr(contains("`student-001` handed in and is not in the roster"));
    for member in ["ada", "bob"] {
        let page = records.read(&format!("reports/students/{member}.html"));
        assert!(page.contains("group student-000"));
    }
}

#[test]
fn what_does_not_exist_is_told() {
    let records = Records::new(1, false);
    records
        .report(&["--roster", "nowhere.csv"])
        .assert()
        .code(2)
        .stderr(contains("there is no file nowhere.csv"));
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["report", "/nowhere/at/all"])
        .current_dir(root())
        .assert()
        .code(2)
        .stderr(contains("there is no /nowhere/at/all").and(contains("next: ")));
}
