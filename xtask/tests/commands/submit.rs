//! `cargo xtask submit`, and what grading makes of its archive.

use std::fs;
use std::path::PathBuf;

use crate::tiny::Tiny;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;

/// A student edition in which everything is solved.
fn solved(tiny: &Tiny) -> Tiny {
    let student = tiny.released();
    for file in ["hello.rs", "two_times.rs"] {
        let work = tiny.read(&format!("solutions/tiny/src/{file}"));
        student.write(&format!("labs/tiny/src/{file}"), &work);
    }
    student
}

/// The archives in the course's own folder.
fn archives(student: &Tiny) -> Vec<PathBuf> {
    let entries = fs::read_dir(student.path("")).expect("a folder").flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "zip"))
        .collect()
}

#[test]
fn what_is_handed_in_is_graded_as_it_is_and_the_record_names_the_edition() {
    let tiny = Tiny::new();
    let student = solved(&tiny);
    let class = tempfile::tempdir().expect("a folder");
    let archive = class.path().join("class/jane.zip");
    let mut submit = student.xtask(["submit", "--out"]);
    submit
        .arg(&archive)
        .assert()
        .code(0)
        .stdout(contains("goes in\n  labs/tiny/src/hello.rs"))
        .stdout(contains("student 0.1.0 ("))
        .stdout(contains("next: hand in that file as it is"));

    let records = class.path().join("records");
    let mut grade = tiny.xtask(["grade", "--isolation", "none", "--submissions"]);
    grade
        .arg(class.path().join("class"))
        .arg("--out")
        .arg(&records);
    grade.assert().code(0);
    let record = crate::class::record_at(&records.join("records/jane.json"));
    let manifest = student.read(".edition/manifest.toml");
    let digest = manifest
        .lines()
        .find_map(|line| line.strip_prefix("digest = \""))
        .expect("a digest");
    assert_eq!(
        record["edition"],
        format!("student 0.1.0 ({})", &digest[..12])
    );
    assert_eq!(
        (&record["points"], &record["max_points"]),
        (&100.into(), &100.into())
    );
    assert_eq!(
        record["ignored"],
        Value::Null,
        "the manifest is nothing unknown"
    );
    // Here, without the hidden checks, the public ones come to the same.
    let here = student.record(&[]);
    let points = |record: &Value| -> u64 {
        let checks = record["labs"][0]["checks"].as_array().expect("checks");
        let public = checks
            .iter()
            .filter(|check| check["visibility"] == "public");
        public.filter_map(|check| check["points"].as_u64()).sum()
    };
    assert_eq!(points(&here), points(&record));
}

#[test]
fn what_stays_behind_is_shown_with_the_reason() {
    let tiny = Tiny::new();
    let student = solved(&tiny);
    student.write("labs/tiny/src/helper.rs", "//! Mine.\n");
    student.write("labs/tiny/tests/public/hello.rs", "// easier\n");
    student.write("Cargo.toml", &(student.read("Cargo.toml") + "\n# mine\n"));
    let stub = student.read(".edition/labs/tiny/two_times.rs");
    student.write("labs/tiny/src/two_times.rs", &stub);
    student
        .xtask(["submit"])
        .assert()
        .code(0)
        .stdout(contains("stays behind\n"))
        .stdout(contains("no stage of the rubric has a file of this name"))
        .stdout(contains("changed; grading uses the course's own"))
        .stdout(contains("the stub, untouched"));
    assert_eq!(archives(&student).len(), 1);
}

#[test]
fn what_does_not_compile_is_not_handed_in_unless_one_says_so() {
    let tiny = Tiny::new();
    let student = solved(&tiny);
    student.replace(
        "labs/tiny/src/hello.rs",
        "listener.accept()?",
        "listener.acept()?",
    );
    student
        .xtask(["submit"])
        .assert()
        .code(1)
        .stdout(contains("no method named `acept`"))
        .stdout(contains("cargo xtask submit --anyway"));
    assert!(archives(&student).is_empty());
    student
        .xtask(["submit", "--anyway"])
        .assert()
        .code(0)
        .stdout(contains("next: hand in that file as it is"));
    assert_eq!(archives(&student).len(), 1);
}

#[test]
fn there_has_to_be_something_and_it_has_to_be_a_zip() {
    let tiny = Tiny::new();
    tiny.xtask(["submit"])
        .assert()
        .code(2)
        .stderr(contains("there is nothing to hand in"));
    tiny.solve();
    tiny.xtask(["submit", "--out", "work.rar"])
        .assert()
        .code(2)
        .stderr(contains("work.rar does not end in .zip"))
        .stdout(predicate::str::is_empty());
}
