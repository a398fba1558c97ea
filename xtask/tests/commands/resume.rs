//! What is graded already stays: after a kill, another lab, a change, a failure.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::class::{Class, record_at};
use crate::grade::assert_keeps_to_the_schema;

#[test]
fn what_has_not_changed_is_not_graded_twice() {
    let class = Class::new();
    class.hand_in_all("jane");
    class.hand_in_all("bob");
    class
        .grade(&["tiny"])
        .assert()
        .code(0)
        .stdout(contains("graded         2"));
    let before = record_bytes(&class, "jane");
    class
        .grade(&["tiny"])
        .assert()
        .code(0)
        .stdout(contains("graded         0"))
        .stdout(contains("unchanged      2"));
    assert_eq!(record_bytes(&class, "jane"), before);
    // A file that does not count changes what is listed, and nothing is graded for it.
    class.hand_in("jane/labs/tiny/src/notes.txt", "");
    class
        .grade(&["tiny"])
        .assert()
        .code(0)
        .stdout(contains("unchanged      2"));
    assert!(record_bytes(&class, "jane").contains("notes.txt"));
    class.hand_in_a_mistake("jane");
    class
        .grade(&["tiny"])
        .assert()
        .code(0)
        .stdout(contains("graded         1"));
    assert_eq!(class.record("jane")["points"], 90);
    let previous = record_at(&class.tiny.path("out/records/jane.json.previous"));
    assert_eq!(previous["points"], 100);
    // Another check is another grade, for all.
    class
        .tiny
        .replace("labs/tiny/lab.toml", "points = 60", "points = 61");
    class
        .grade(&["tiny"])
        .assert()
        .code(0)
        .stdout(contains("graded         2"));
    assert_eq!(class.record("bob")["max_points"], 101);
}

#[test]
fn grading_again_shows_what_comes_out_otherwise() {
    let class = Class::new();
    class.hand_in_all("jane");
    class.grade(&["tiny"]).assert().code(0);
    let path = class.tiny.path("out/records/jane.json");
    // As if a check had been unjust.
    let mut record = class.record("jane");
    record["labs"][0]["checks"][0]["status"] = json!("fail");
    record["labs"][0]["checks"][0]["points"] = json!(0);
    record["labs"][0]["points"] = json!(80);
    fs::write(&path, record.to_string()).expect("a record");
    class
        .grade(&["tiny"])
        .assert()
        .code(0)
        .stdout(contains("unchanged      1"));
    class
        .grade(&["tiny", "--regrade"])
        .assert()
        .code(0)
        .stdout(contains("graded         1"))
        .stderr(contains(
            "jane: tiny/hello::greets: 0 of 20 (fail) -> 20 of 20 (pass)",
        ))
        .stderr(contains("jane: tiny: 80 -> 100 points"));
    assert_eq!(class.record("jane")["points"], 100);
    let previous = record_at(&class.tiny.path("out/records/jane.json.previous"));
    assert_eq!(previous["labs"][0]["points"], 80);
}

#[test]
fn another_lab_is_added_and_the_others_stay_as_they_are() {
    let class = Class::new();
    class.hand_in_all("jane");
    class.grade(&["tiny"]).assert().code(0);
    let mut record = class.record("jane");
    let mut other = record["labs"][0].clone();
    other["id"] = json!("udp");
    other["points"] = json!(5);
    record["labs"]
        .as_array_mut()
        .expect("labs")
        .insert(0, other.clone());
    let refused = json!([{"lab": "udp", "at": "2025-10-20T12:00:00Z", "why": "it is empty"}]);
    record["refused"] = refused.clone();
    fs::write(class.tiny.path("out/records/jane.json"), record.to_string()).expect("a record");
    class.hand_in_a_mistake("jane");
    class.grade(&["tiny"]).assert().code(0);
    let record = class.record("jane");
    assert_eq!(record["labs"][1], other);
    assert_eq!(record["refused"], refused);
    assert_eq!(record["labs"][0]["points"], 90);
    assert_eq!(
        (&record["points"], &record["max_points"]),
        (&json!(95), &json!(200))
    );
}

#[test]
fn a_failed_regrade_keeps_the_record_and_says_so() {
    let class = Class::new();
    class.hand_in_all("jane");
    class.grade(&["tiny"]).assert().code(0);
    let before = class.record("jane");
    // A submission that was replaced by nothing.
    fs::remove_dir_all(class.path("jane")).expect("a folder");
    fs::create_dir(class.path("jane")).expect("a folder");
    class
        .grade(&["tiny"])
        .assert()
        .code(0)
        .stdout(contains("refused        1"))
        .stderr(contains("jane: it has no stage file").and(contains("before it stands")));
    let mut after = class.record("jane");
    assert_keeps_to_the_schema(&after);
    assert_eq!(after["refused"][0]["lab"], "tiny");
    let written = record_bytes(&class, "jane");
    class.grade(&["tiny"]).assert().code(0);
    assert_eq!(record_bytes(&class, "jane"), written);
    // All else is as it was.
    for key in ["refused", "ignored"] {
        after.as_object_mut().expect("a record").remove(key);
    }
    assert_eq!(after, before);
    // A check that no longer can be judged.
    class.hand_in_all("jane");
    class.tiny.replace(
        "labs/tiny/tests/public/hello.rs",
        "fn greets()",
        "fn greets_nobody()",
    );
    class
        .grade(&["tiny"])
        .assert()
        .code(3)
        .stdout(contains("grader errors  1: jane"))
        .stderr(contains("its results stay as they were"));
    assert_eq!(class.record("jane"), before);
}

#[test]
fn what_is_refused_leaves_the_edition_of_the_result_that_stands() {
    let class = Class::new();
    class.hand_in_all("jane");
    class.grade(&["tiny"]).assert().code(0);
    let mut record = class.record("jane");
    record["edition"] = json!("student");
    fs::write(class.tiny.path("out/records/jane.json"), record.to_string()).expect("a record");
    fs::remove_dir_all(class.path("jane")).expect("a folder");
    fs::create_dir(class.path("jane")).expect("a folder");
    class.grade(&["tiny"]).assert().code(0);
    let record = class.record("jane");
    assert_eq!(record["refused"][0]["lab"], "tiny");
    assert_eq!(record["edition"], "student");
}

#[test]
fn a_file_that_is_no_record_is_set_aside_and_graded_again() {
    let class = Class::new();
    for student in ["cut", "foreign"] {
        class.hand_in_all(student);
    }
    class.grade(&["tiny"]).assert().code(0);
    let path = |id: &str| class.tiny.path(&format!("out/records/{id}.json"));
    let text = fs::read(path("cut")).expect("a record");
    fs::write(path("cut"), &text[..text.len() / 2]).expect("a file");
    let foreign = record_bytes(&class, "foreign").replace("record/v1", "record/v9");
    fs::write(path("foreign"), foreign).expect("a file");
    class
        .grade(&["tiny"])
        .assert()
        .code(3)
        .stdout(contains("graded         2"))
        .stdout(contains("damaged        2: "))
        .stderr(contains("grade again all labs that it held"))
        .stderr(contains("cut: its record cannot be read"))
        .stderr(contains("its schema is not socket-labs/record/v1"));
    for id in ["cut", "foreign"] {
        assert_eq!(class.record(id)["points"], 100);
        assert!(
            class
                .tiny
                .path(&format!("out/records/{id}.json.bad"))
                .is_file()
        );
    }
}

#[test]
fn a_second_run_into_the_same_folder_is_refused() {
    let class = Class::new();
    class.hand_in_all("jane");
    fs::create_dir_all(class.tiny.path("out")).expect("a folder");
    let lock = fs::File::create(class.tiny.path("out/.lock")).expect("a file");
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive).expect("a lock");
    class
        .grade(&["tiny"])
        .assert()
        .code(2)
        .stderr(contains("another run is writing to out"));
    drop(lock);
    class.grade(&["tiny"]).assert().code(0);
}

/// A class of which one program never answers, being graded; its record of `first` is there.
fn under_way(class: &Class) -> Child {
    class.hand_in_all("first");
    class.hand_in_all("sleeper");
    let sleeps = class.solution("hello.rs").replace(
        "client.write_all(b\"hello\\n\")?;",
        "loop { std::thread::park(); client.write_all(b\"\")?; }",
    );
    class.hand_in("sleeper/labs/tiny/src/hello.rs", &sleeps);
    let grade = class.grade(&["tiny"]);
    let mut command = Command::new(grade.get_program());
    command
        .args(grade.get_args())
        .current_dir(class.tiny.path(""))
        .envs(
            grade
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child = command.spawn().expect("the runner runs");
    let deadline = Instant::now() + Duration::from_secs(540);
    while !class.has_record("first") {
        assert!(Instant::now() < deadline, "no record after 540 s");
        thread::sleep(Duration::from_millis(20));
    }
    child
}

#[test]
fn an_interrupted_run_keeps_what_is_done_and_goes_on_to_the_same_result() {
    let class = Class::new();
    let child = under_way(&class);
    // The sleeper takes at least as long as one check waits, twice.
    kill_process(Pid::from_child(&child), Signal::INT).expect("a signal");
    let output = child.wait_with_output().expect("it ends");
    let told = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(
        told.contains("Interrupted: 1 of 2 are done and kept."),
        "{told}"
    );
    assert!(!class.has_record("sleeper"));
    no_process_runs_in(&class.tiny.path(""));
    goes_on(&class);
}

#[test]
fn a_killed_run_keeps_what_is_done_and_goes_on_to_the_same_result() {
    let class = Class::new();
    let mut child = under_way(&class);
    child.kill().expect("a signal");
    child.wait().expect("it ends");
    assert!(!class.has_record("sleeper"));
    goes_on(&class);
}

/// The rest is graded, and as if nothing had happened.
fn goes_on(class: &Class) {
    class
        .grade(&["tiny"])
        .assert()
        .code(0)
        .stdout(contains("graded         1"))
        .stdout(contains("unchanged      1"));
    class.grade_into("other", &["tiny"]).assert().code(0);
    for id in ["first", "sleeper"] {
        let other = record_at(&class.tiny.path(&format!("other/records/{id}.json")));
        assert_eq!(essence(&class.record(id)), essence(&other), "{id}");
    }
}

/// What equal records share.
fn essence(record: &Value) -> Value {
    let checks = record["labs"][0]["checks"].as_array().into_iter().flatten();
    let checks: Vec<Value> = checks
        .map(|check| {
            json!([
                check["id"],
                check["status"],
                check["points"],
                check["feedback"]
            ])
        })
        .collect();
    json!([
        record["points"],
        record["seed"],
        record["labs"][0]["sources"],
        checks
    ])
}

fn record_bytes(class: &Class, id: &str) -> String {
    fs::read_to_string(class.tiny.path(&format!("out/records/{id}.json"))).expect("a record")
}

/// No process has its working folder in `folder` any more.
fn no_process_runs_in(folder: &Path) {
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        if let Ok(cwd) = fs::read_link(entry.path().join("cwd")) {
            assert!(
                !cwd.starts_with(folder),
                "{} runs in {}",
                entry.path().display(),
                cwd.display()
            );
        }
    }
}
