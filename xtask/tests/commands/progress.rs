//! `cargo xtask progress`, `hint` and `reset`: what is kept of a student's way.

use crate::tiny::Tiny;
use predicates::prelude::*;
use predicates::str::contains;

/// A tiny lab with two hints.
fn with_hints() -> Tiny {
    let tiny = Tiny::new();
    tiny.replace(
        "labs/tiny/lab.toml",
        "title = \"Say hello\"",
        "title = \"Say hello\"\nhints = [\"Which call gives you a client?\", \"accept, write_all, in a loop.\"]",
    );
    tiny
}

#[test]
fn stages_are_to_do_then_begun_then_done_and_changed_when_written_on() {
    let tiny = Tiny::new();
    let told = |text: &'static str| {
        tiny.xtask(["progress", "tiny"])
            .assert()
            .code(0)
            .stdout(contains(text))
    };
    told("hello      to do      0 of 20");
    told("next: tiny/hello, Say hello");
    tiny.replace(
        "labs/tiny/src/hello.rs",
        "//! Says hello.",
        "//! Says hello, soon.",
    );
    told("hello      begun      0 of 20");
    tiny.solve();
    tiny.xtask(["try"]).assert().code(0);
    told("hello      done      20 of 20");
    told("2 of 2 stages done; 30 of 30 points of public checks. Hidden checks are worth 70");
    told("next: hand it in: cargo xtask submit");
    tiny.replace(
        "labs/tiny/src/hello.rs",
        "//! Says hello.",
        "//! Says hello, well.",
    );
    told("hello      changed   20 of 20");
    told("next: go on with labs/tiny/src/hello.rs");
}

#[test]
fn one_check_of_the_same_file_forgets_no_other() {
    let tiny = Tiny::new();
    tiny.replace(
        "labs/tiny/lab.toml",
        "visibility = \"hidden\"\nafter = [\"hello::greets\"]",
        "visibility = \"public\"\nafter = [\"hello::greets\"]",
    );
    tiny.write(
        "labs/tiny/tests/public/hello.rs",
        &(tiny.read("labs/tiny/tests/public/hello.rs")
            + &tiny
                .read("labs/tiny/tests/hidden/hello.rs")
                .replace("use testbench::prelude::*;", "")),
    );
    tiny.solve();
    tiny.xtask(["try", "tiny/hello/greets"]).assert().code(0);
    let state = |text: &'static str| {
        tiny.xtask(["progress", "tiny"])
            .assert()
            .stdout(contains(text))
    };
    state("hello      begun     20 of 30");
    tiny.xtask(["try", "tiny/hello/greets_the_next"])
        .assert()
        .code(0);
    state("hello      done      30 of 30");
}

#[test]
fn a_lab_that_is_not_begun_is_one_line() {
    let tiny = Tiny::new();
    tiny.xtask(["progress"])
        .assert()
        .code(0)
        .stdout(contains("tiny  2 stages, Tiny\n"));
}

#[test]
fn a_progress_file_that_is_none_is_told_with_its_line() {
    let tiny = Tiny::new();
    tiny.write("progress.toml", "[tiny.hello]\nhints = 1\n<<<<<<< ours\n");
    for command in ["progress", "try"] {
        tiny.xtask([command])
            .assert()
            .code(2)
            .stderr(contains("progress.toml:3: "))
            .stderr(contains("rm progress.toml"));
    }
}

#[test]
fn each_hint_comes_once_asked_for_and_is_remembered() {
    let tiny = with_hints();
    let hint = || tiny.xtask(["hint", "tiny/hello"]).assert().code(0);
    hint()
        .stdout(contains("1 of 2  Which call gives you a client?"))
        .stdout(contains("2 of 2").not())
        .stdout(contains("one more: cargo xtask hint tiny/hello"));
    assert!(
        tiny.read("progress.toml")
            .contains("[tiny.hello]\nhints = 1\n")
    );
    hint()
        .stdout(contains("1 of 2  Which call gives you a client?"))
        .stdout(contains("2 of 2  accept, write_all, in a loop."))
        .stdout(contains(
            "next: there are no more; read docs/src/labs/tiny.md#hello",
        ));
    hint().stdout(contains("2 of 2"));
    tiny.xtask(["progress", "tiny"])
        .assert()
        .stdout(contains("Say hello (2 hints)"));
    // Without a name: the stage that comes next.
    tiny.xtask(["hint"])
        .assert()
        .code(0)
        .stdout(contains("tiny/hello  Say hello"));
}

#[test]
fn a_stage_without_hints_and_a_name_without_a_stage_are_told() {
    let tiny = Tiny::new();
    tiny.xtask(["hint", "tiny/two-times"])
        .assert()
        .code(0)
        .stdout(contains(
            "this stage has no hints; read docs/src/labs/tiny.md#two-times",
        ));
    for command in ["hint", "reset"] {
        tiny.xtask([command, "tiny"])
            .assert()
            .code(2)
            .stderr(contains("`tiny` names no stage"))
            .stderr(contains("name one: tiny/STAGE, of hello, two-times"));
    }
}

#[test]
fn a_reset_puts_the_stub_back_and_keeps_each_copy() {
    let tiny = with_hints();
    let stub = tiny.read("labs/tiny/src/hello.rs");
    tiny.xtask(["hint", "tiny/hello"]).assert().code(0);
    for number in 1..=2 {
        tiny.solve();
        let work = tiny.read("labs/tiny/src/hello.rs");
        tiny.xtask(["try", "tiny/hello"]).assert().code(0);
        let copy = format!("kept/tiny/hello-{number}.rs");
        tiny.xtask(["reset", "tiny/hello"])
            .assert()
            .code(0)
            .stdout(contains(format!("what you had written is kept in {copy}")))
            .stdout(contains(format!("cp {copy} labs/tiny/src/hello.rs")));
        assert_eq!(tiny.read("labs/tiny/src/hello.rs"), stub);
        assert_eq!(tiny.read(&copy), work);
    }
    // What was reached is forgotten, what was hinted is not.
    let progress = tiny.read("progress.toml");
    assert!(
        progress.contains("hints = 1") && !progress.contains("passed = [\"hello"),
        "{progress}"
    );
}

#[test]
fn a_reset_of_an_untouched_stub_keeps_nothing() {
    let tiny = Tiny::new();
    let stub = tiny.read("labs/tiny/src/hello.rs");
    tiny.xtask(["reset", "tiny/hello"])
        .assert()
        .code(0)
        .stdout(contains("there was nothing of yours to keep"));
    assert_eq!(tiny.read("labs/tiny/src/hello.rs"), stub);
    assert!(!tiny.path("kept").exists());
}
