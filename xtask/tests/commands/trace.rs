//! `cargo xtask trace`, from the outside.

use std::process::Command as Plain;

use crate::tiny::{SEED, Tiny};
use predicates::prelude::*;
use predicates::str::contains;

/// Whether programs can be traced on this machine.
fn can_trace() -> bool {
    let mut strace = Plain::new("strace");
    let tried = strace.args(["-D", "-o", "/dev/null", "true"]).output();
    let can = tried.is_ok_and(|output| output.status.success());
    if !can {
        println!("skipped: no strace here, or it may not trace");
    }
    can
}

#[test]
fn a_check_that_passes_is_drawn_too() {
    let tiny = Tiny::new();
    tiny.solve();
    tiny.xtask(["trace", "tiny/two-times", "--no-calls", "--seed", SEED])
        .assert()
        .code(0)
        .stdout(contains("two_times::answers  a word comes back"))
        .stdout(contains("ms  program"))
        .stdout(contains("grader"))
        .stdout(contains("sends 40 bytes \""))
        .stdout(contains("--|  client"))
        .stdout(contains(">|  client"))
        .stdout(contains("half-closes"))
        .stdout(contains("  pass  a word comes back"))
        .stdout(contains(format!(
            "again     cargo xtask trace tiny/two-times/answers --seed {SEED}"
        )));
}

#[test]
fn a_failure_is_drawn_and_told_and_the_lesson_with_it() {
    let tiny = Tiny::new();
    tiny.solve();
    tiny.replace("labs/tiny/src/hello.rs", "hello\\n", "go away\\n");
    tiny.xtask(["trace", "tiny/hello", "--no-calls"])
        .assert()
        .code(1)
        .stdout(contains("sends 8 bytes \"go away\\n\""))
        .stdout(contains("Say hello."))
        .stdout(contains("read on   docs/src/labs/tiny.md#hello-1"));
}

#[test]
fn system_calls_stand_beside_where_they_can_be_traced() {
    if !can_trace() {
        return;
    }
    let tiny = Tiny::new();
    tiny.solve();
    tiny.replace(
        "labs/tiny/src/hello.rs",
        "    loop {",
        "    drop(std::net::TcpStream::connect(\"127.0.0.1:1\"));\n    loop {",
    );
    let output = tiny
        .xtask(["trace", "tiny/hello"])
        .output()
        .expect("the runner runs");
    let told = String::from_utf8(output.stdout).expect("text");
    assert_eq!(output.status.code(), Some(0), "{told}");
    for call in [
        "socket(AF_INET",
        "bind(3",
        "listen(3",
        "connect(4,",
        "accept4(3",
    ] {
        assert!(told.contains(call), "no {call} in {told}");
    }
    assert!(
        told.contains("ECONNREFUSED     1x  Nobody listens there."),
        "{told}"
    );
    assert!(told.contains("isolation  none"), "{told}");
    // A call stands before what comes of it: accept4 returns before the text is sent.
    let place = |what: &str| {
        told.find(what)
            .unwrap_or_else(|| panic!("no {what} in {told}"))
    };
    assert!(place("listen(3") < place("accept4(3"));
    assert!(
        told.lines()
            .all(|row| row.chars().count() <= 80 || row.contains("again")),
        "{told}"
    );
}

#[test]
fn what_cannot_be_traced_is_told() {
    let tiny = Tiny::new();
    tiny.xtask(["trace", "tiny"])
        .assert()
        .code(2)
        .stderr(contains("`tiny` names no stage"));
    tiny.replace("labs/tiny/src/hello.rs", "todo!", "tudo!");
    tiny.xtask(["trace", "tiny/hello", "--no-calls"])
        .assert()
        .code(1)
        .stdout(contains("cannot find macro `tudo` in this scope"))
        .stdout(contains("next: mend labs/tiny/src/hello.rs"));
    let student = tiny.released();
    student
        .xtask(["trace", "tiny/hello/greets_the_next"])
        .assert()
        .code(2)
        .stdout(predicate::str::is_empty())
        .stderr(contains("is hidden, graded by your instructor"));
}
