//! `cargo xtask grade`, from the outside.

use std::thread;

use crate::tiny::{SEED, Tiny, statuses};
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::{Value, json};

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = expected
        .iter()
        .map(|(id, status)| ((*id).to_owned(), (*status).to_owned()));
    owned.collect()
}

#[test]
fn a_right_program_has_all_points_and_the_record_keeps_to_the_schema() {
    let tiny = Tiny::new();
    tiny.solve();
    let record = tiny.record(&["--seed", SEED]);
    assert_eq!(record["points"], 100);
    assert_eq!(record["max_points"], 100);
    assert_eq!(record["seed"], SEED);
    assert_eq!(record["submission"], "workspace");
    assert_keeps_to_the_schema(&record);
}

#[test]
fn a_wrong_program_s_record_keeps_to_the_schema_and_names_rule_and_replay() {
    let tiny = Tiny::new();
    tiny.solve();
    tiny.replace(
        "labs/tiny/src/two_times.rs",
        "client.write_all(&word)?;\n        client.write_all(&word)?;",
        "client.write_all(&word)?;",
    );
    let record = tiny.record(&["--seed", SEED]);
    assert_keeps_to_the_schema(&record);
    let check = &record["labs"][0]["checks"][3];
    assert_eq!(check["status"], "fail");
    assert_eq!(check["feedback"], "Once more, please.");
    assert_eq!(check["notes"], "docs/src/labs/tiny.md#two-times-2");
    let replay = format!("cargo xtask grade tiny/two-times/says_it_twice --seed {SEED}");
    assert_eq!(check["replay"], replay);
}

#[test]
fn the_made_up_record_keeps_to_the_schema_but_for_its_digests() {
    let mut record = json!(crate::made_up::record());
    let digest = json!("0".repeat(64));
    record["course"]["digest"] = digest.clone();
    for lab in record["labs"].as_array_mut().expect("labs") {
        lab["sources"]["digest"] = digest.clone();
    }
    assert_keeps_to_the_schema(&record);
}

pub(crate) fn assert_keeps_to_the_schema(record: &Value) {
    let schema = include_str!("../../schema/record-v1.schema.json");
    let schema = serde_json::from_str(schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let errors: Vec<String> = validator
        .iter_errors(record)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn a_selection_is_graded_alone_with_or_without_its_module() {
    let tiny = Tiny::new();
    tiny.solve();
    let one = pairs(&[("two_times::says_it_twice", "pass")]);
    assert_eq!(
        statuses(&tiny.record(&["tiny/two-times/says_it_twice"])),
        one
    );
    assert_eq!(
        statuses(&tiny.record(&["tiny/two-times/two_times::says_it_twice"])),
        one
    );
    assert_eq!(statuses(&tiny.record(&["tiny/hello"])).len(), 2);
    let union = tiny.record(&["tiny/two-times/answers", "tiny/hello/greets"]);
    assert_eq!(
        statuses(&union),
        pairs(&[("hello::greets", "pass"), ("two_times::answers", "pass")])
    );
    assert_eq!(union["max_points"], 30);
}

#[test]
fn a_stub_is_told_calmly_and_graded_in_full() {
    let tiny = Tiny::new();
    tiny.xtask(["grade", "--seed", SEED])
        .assert()
        .code(0)
        .stdout(contains("hello        0 of 30"))
        .stdout(contains("greet each client\n"))
        .stdout(contains("labs/tiny/src/hello.rs:8:5"))
        .stdout(contains("read on   docs/src/labs/tiny.md#hello\n"))
        .stdout(contains("panicked").not());
}

#[test]
fn a_stage_that_does_not_compile_leaves_the_others_graded_in_full() {
    let tiny = Tiny::new();
    tiny.solve();
    tiny.replace(
        "labs/tiny/src/hello.rs",
        "listener.accept()",
        "listener.acept()",
    );
    let record = tiny.record(&[]);
    assert_eq!(
        statuses(&record),
        pairs(&[
            ("hello::greets", "build-error"),
            ("hello::greets_the_next", "build-error"),
            ("two_times::answers", "pass"),
            ("two_times::says_it_twice", "pass"),
        ])
    );
    let diagnostic = &record["labs"][0]["compile"]["diagnostics"][0];
    assert_eq!(diagnostic["stage"], "hello");
    let text = diagnostic["text"].as_str().expect("a text");
    assert!(text.contains("labs/tiny/src/hello.rs:13:40"), "{text}");
    tiny.xtask(["grade"])
        .assert()
        .code(0)
        .stdout(contains("does not compile; the other stages were graded"));
}

#[test]
fn every_way_not_to_compile_costs_its_own_stage_only() {
    let tiny = Tiny::new();
    let ways = [
        (
            "a brace too few",
            "pub fn serve(listener: &std::net::TcpListener) {",
        ),
        ("no such function", "//! Nothing."),
        (
            "another signature",
            "//! Odd.\npub fn serve() -> std::io::Result<()> {\n    Ok(())\n}\n",
        ),
        (
            "unsafe code",
            "pub fn serve(_: &std::net::TcpListener) -> std::io::Result<()> {\n    unsafe {}\n    Ok(())\n}\n",
        ),
        (
            "a macro without end",
            "macro_rules! m { ($($t:tt)*) => { m!($($t)* $($t)*) } }\nm!(a);\n",
        ),
    ];
    for (way, text) in ways {
        tiny.solve();
        tiny.write("labs/tiny/src/hello.rs", text);
        let broken: Vec<bool> = statuses(&tiny.record(&[]))
            .iter()
            .map(|(_, status)| status == "build-error")
            .collect();
        assert_eq!(broken, [true, true, false, false], "{way}");
    }
}

#[test]
fn a_missing_stage_file_costs_its_own_stage_only() {
    let tiny = Tiny::new();
    tiny.solve();
    std::fs::remove_file(tiny.path("labs/tiny/src/hello.rs")).expect("it was there");
    let record = tiny.record(&[]);
    assert_eq!(record["points"], 70);
    assert_eq!(record["max_points"], 100);
    assert_eq!(
        record["labs"][0]["sources"]["files"],
        json!(["src/two_times.rs"])
    );
}

#[test]
fn given_files_are_the_course_s_and_what_is_not_used_is_listed() {
    let tiny = Tiny::new();
    tiny.solve();
    tiny.write(
        "labs/tiny/src/main.rs",
        "fn main() {\n    println!(\"all well\");\n}\n",
    );
    tiny.write("labs/tiny/src/mine.rs", "");
    let record = tiny.record(&[]);
    assert_eq!(record["points"], 100);
    let ignored = record["labs"][0]["sources"]["ignored"]
        .as_array()
        .expect("a list");
    let paths: Vec<&str> = ignored
        .iter()
        .filter_map(|file| file["path"].as_str())
        .collect();
    assert_eq!(paths, ["src/main.rs", "src/mine.rs"]);
}

#[test]
fn a_replay_sends_the_same_bytes_alone_as_among_others() {
    let tiny = Tiny::new();
    tiny.solve();
    tiny.replace(
        "labs/tiny/src/two_times.rs",
        "client.write_all(&word)?;",
        "client.write_all(b\"no\")?;",
    );
    let sent = |record: &Value| {
        let checks = record["labs"][0]["checks"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let check = checks
            .iter()
            .find(|check| check["id"] == "two_times::says_it_twice")
            .cloned();
        let events = check.and_then(|check| check["transcript"].as_array().cloned());
        let bytes = events
            .into_iter()
            .flatten()
            .find(|event| event["event"] == "sends");
        bytes.map(|event| event["bytes"].clone())
    };
    let all = sent(&tiny.record(&["--seed", SEED]));
    let alone = sent(&tiny.record(&["tiny/two-times/says_it_twice", "--seed", SEED]));
    let other = sent(&tiny.record(&["--seed", "1"]));
    assert!(all.is_some());
    assert_eq!(all, alone);
    assert_ne!(all, other);
}

#[test]
fn two_grades_at_once_do_not_disturb_each_other() {
    let tiny = Tiny::new();
    tiny.solve();
    thread::scope(|scope| {
        let runs: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| tiny.record(&[])["points"].clone()))
            .collect();
        for run in runs {
            assert_eq!(run.join().expect("a run"), 100);
        }
    });
}

#[test]
fn a_check_that_no_test_has_is_the_grader_s_error_and_nobody_s_zero() {
    let tiny = Tiny::new();
    tiny.solve();
    tiny.replace(
        "labs/tiny/lab.toml",
        "id = \"two_times::answers\"",
        "id = \"two_times::answered\"",
    );
    tiny.replace(
        "labs/tiny/lab.toml",
        "after = [\"two_times::answers\"]",
        "after = [\"two_times::answered\"]",
    );
    let record = tiny.record(&[]);
    assert_eq!(statuses(&record)[2].1, "grader-error");
    assert_eq!(record["points"], 90);
    assert_eq!(record["max_points"], 90);
    tiny.xtask(["grade"])
        .assert()
        .code(3)
        .stdout(contains("could not be judged"));
}

#[test]
fn a_check_that_aborts_the_process_leaves_the_others_their_verdicts() {
    let tiny = Tiny::new();
    tiny.solve();
    tiny.replace("labs/tiny/tests/public/hello.rs", "client.expect(\"hello\\n\")", "eprintln!(\"gone\");\n        std::process::abort();\n        #[allow(unreachable_code)]\n        client.expect(\"hello\\n\")");
    let record = tiny.record(&[]);
    let ends: Vec<String> = statuses(&record)
        .into_iter()
        .map(|(_, status)| status)
        .collect();
    assert_eq!(ends, ["grader-error", "pass", "pass", "pass"]);
}

#[test]
fn a_timeout_is_tried_once_more_and_both_attempts_are_kept() {
    let tiny = Tiny::new();
    tiny.solve();
    tiny.replace(
        "labs/tiny/src/hello.rs",
        "client.write_all(b\"hello\\n\")?;",
        "std::thread::park();\n        client.write_all(b\"hello\\n\")?;",
    );
    let record = tiny.record(&["tiny/hello"]);
    let check = &record["labs"][0]["checks"][0];
    assert_eq!(check["status"], "timeout");
    assert_eq!(check["attempts"][0]["status"], "timeout");
    assert_eq!(record["labs"][0]["checks"][1]["because"], "hello::greets");
}

#[test]
fn what_may_have_been_a_matter_of_time_is_tried_again_alone() {
    let late = "std::thread::sleep(std::time::Duration::from_secs(2)); \
                return Err(Failure::new(Saw::End, \"the stream ended\")).teaches(\"Stay.\");";
    let busy = "return Err(Failure::too_busy(\"count to three\"));";
    for (among_others, status, told) in [
        (late, "fail", "Stay."),
        (
            busy,
            "grader-error",
            "this machine was too busy to count to three",
        ),
    ] {
        let check = second_check(among_others);
        assert_eq!(check["status"], "pass");
        assert_eq!(check["points"], check["max_points"]);
        let first = &check["attempts"][0];
        assert_eq!(
            (&first["status"], &first["feedback"]),
            (&json!(status), &json!(told))
        );
    }
    let at_once = "return Err(Failure::new(Saw::End, \"the stream ended\"));";
    let check = second_check(at_once);
    assert_eq!(check["status"], "fail");
    assert_eq!(check["attempts"], json!([]));
}

/// The second check of the tiny lab, which does this unless it runs alone.
fn second_check(among_others: &str) -> Value {
    let tiny = Tiny::new();
    tiny.solve();
    let story = format!(
        "check(|t| {{
        if std::env::args().filter(|word| word.contains(\"::\")).count() > 1 {{ {among_others} }}"
    );
    tiny.replace("labs/tiny/tests/hidden/hello.rs", "check(|t| {", &story);
    let mut record = tiny.record(&[]);
    let check = record["labs"][0]["checks"][1].take();
    assert_eq!(check["id"], "hello::greets_the_next");
    check
}

#[test]
fn a_pipe_gets_no_colour_and_json_stands_alone_on_stdout() {
    let tiny = Tiny::new();
    let human = tiny
        .xtask(["grade"])
        .env("NO_COLOR", "1")
        .output()
        .expect("the runner runs");
    assert!(!human.stdout.contains(&0x1b));
    assert!(!human.stderr.contains(&0x1b));
    let json = tiny
        .xtask(["grade", "--format", "json"])
        .output()
        .expect("the runner runs");
    let text = String::from_utf8(json.stdout).expect("text");
    assert!(text.starts_with('{') && text.ends_with("}\n"), "{text}");
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let tiny = Tiny::new();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["install-tools", "--dry-run"])
        .current_dir(tiny.path(""))
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the runner runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn points_below_the_share_that_was_asked_for_end_with_1() {
    let tiny = Tiny::new();
    tiny.solve();
    tiny.write(
        "labs/tiny/src/hello.rs",
        &tiny.read("solutions/tiny/mistakes/hello-once.rs"),
    );
    tiny.xtask(["grade", "--fail-under", "90"]).assert().code(0);
    tiny.xtask(["grade", "--fail-under", "91"]).assert().code(1);
    tiny.xtask(["grade", "--solutions", "--fail-under", "100"])
        .assert()
        .code(0);
}

#[test]
fn in_a_box_the_record_says_so() {
    let tiny = Tiny::new();
    let arguments = [
        "grade",
        "--solutions",
        "--isolation",
        "box",
        "--format",
        "json",
    ];
    let output = tiny.xtask(arguments).output().expect("the runner runs");
    if output.status.code() == Some(3) {
        let why = String::from_utf8_lossy(&output.stderr);
        assert!(why.contains("next: cargo xtask install-tools"), "{why}");
        println!("skipped: no box here: {why}");
        assert!(
            std::env::var_os("CI").is_none(),
            "this machine must have boxes"
        );
        return;
    }
    let record: Value = serde_json::from_slice(&output.stdout).expect("a record");
    assert!(
        record["isolation"]["box"]
            .as_str()
            .is_some_and(|told| told.starts_with("bubblewrap"))
    );
    assert_eq!(record["isolation"]["seccomp"], true);
    assert_eq!(record["points"], 100);
}

#[test]
fn a_umask_that_shuts_others_out_weakens_no_isolation() {
    let tiny = Tiny::new();
    let isolation = |umask: &str| {
        let grade = tiny.xtask(["grade"]);
        let mut shell = std::process::Command::new("sh");
        let script = format!("umask {umask} && exec \"$0\" grade --solutions --format json");
        shell.args(["-c", &script]).arg(grade.get_program());
        let envs = grade
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?)));
        shell.current_dir(tiny.path("")).envs(envs);
        let output = shell.output().expect("the runner runs");
        let record: Value = serde_json::from_slice(&output.stdout).expect("a record");
        assert_eq!(record["points"], 100);
        record["isolation"].clone()
    };
    assert_eq!(isolation("077"), isolation("022"));
}
