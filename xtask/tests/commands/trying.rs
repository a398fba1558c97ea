//! `cargo xtask try`, from the outside.

use crate::tiny::{SEED, Tiny};
use predicates::prelude::*;
use predicates::str::contains;

/// Greets, but not with the text that is asked for.
const RUDE: &str = "//! Says hello.\n\nuse std::io::{self, Write};\nuse std::net::TcpListener;\n\npub fn serve(listener: &TcpListener) -> io::Result<()> {\n    loop {\n        let (mut client, _) = listener.accept()?;\n        client.write_all(b\"go away\\n\")?;\n    }\n}\n";

#[test]
fn an_untouched_workspace_is_told_where_to_begin() {
    let tiny = Tiny::new();
    tiny.xtask(["try"])
        .assert()
        .code(1)
        .stdout(contains("hello  is not written yet"))
        .stdout(contains("greet each client"))
        .stdout(contains("next: write labs/tiny/src/hello.rs"))
        .stdout(contains("cargo xtask try tiny/hello"));
}

#[test]
fn only_public_checks_are_run_and_hidden_ones_are_worth_their_points() {
    let tiny = Tiny::new();
    tiny.solve();
    tiny.xtask(["try"])
        .assert()
        .code(0)
        .stdout(contains("hello       20 of 20"))
        .stdout(contains("two-times   10 of 10"))
        .stdout(contains(
            "hidden: 2 checks, 70 points, graded by cargo xtask grade",
        ))
        .stdout(contains("2 checks: all pass."))
        .stdout(contains("next: hand it in: cargo xtask submit"));
}

#[test]
fn the_first_failure_is_told_in_full_and_then_what_to_do() {
    let tiny = Tiny::new();
    tiny.write("labs/tiny/src/hello.rs", RUDE);
    tiny.xtask(["try", "tiny", "--seed", SEED])
        .assert()
        .code(1)
        .stdout(contains("seen      \"go away\\n\""))
        .stdout(contains("Say hello."))
        .stdout(contains(format!(
            "again     cargo xtask try tiny/hello/greets --seed {SEED}"
        )))
        .stdout(contains("next: mend labs/tiny/src/hello.rs"))
        .stdout(contains("cargo xtask hint tiny/hello"))
        .stdout(contains("cargo xtask trace tiny/hello/greets"))
        // The other stage is not written, which waits until this one is right.
        .stdout(contains("is not written yet").not());
}

#[test]
fn compiler_errors_come_first_and_as_the_compiler_says_them() {
    let tiny = Tiny::new();
    tiny.solve();
    let broken = RUDE.replace("listener.accept()?", "listener.acept()?");
    tiny.write("labs/tiny/src/hello.rs", &broken);
    let output = tiny
        .xtask(["try", "tiny"])
        .output()
        .expect("the runner runs");
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stdout).expect("text");
    let error = told
        .find("\nerror[E0599]: no method named `acept`")
        .expect("the error");
    assert!(
        told.contains("\n --> labs/tiny/src/hello.rs:8:40\n"),
        "{told}"
    );
    let points = told
        .find("two-times   10 of 10")
        .expect("the other stage's points");
    assert!(error < points, "{told}");
    assert!(told.contains("next: mend labs/tiny/src/hello.rs"), "{told}");
    // What does not compile elsewhere is said, and stops nobody.
    tiny.xtask(["try", "tiny/two-times"])
        .assert()
        .code(0)
        .stdout(contains("hello of tiny does not compile, too"));
}

#[test]
fn warnings_about_ones_own_file_are_shown() {
    let tiny = Tiny::new();
    tiny.solve();
    tiny.replace(
        "labs/tiny/src/hello.rs",
        "client.write_all(b\"hello\\n\")?;",
        "_ = client.write_all(b\"hello\\n\");\n        client.flush();",
    );
    tiny.xtask(["try", "tiny/hello"])
        .assert()
        .code(0)
        .stdout(contains("warning: unused `Result` that must be used"));
    tiny.xtask(["try", "tiny/two-times"])
        .assert()
        .code(0)
        .stdout(contains("warning").not());
}

#[test]
fn a_hidden_check_is_no_check_to_try() {
    let tiny = Tiny::new();
    tiny.xtask(["try", "tiny/hello/greets_the_next"])
        .assert()
        .code(2)
        .stderr(contains("`tiny/hello/greets_the_next` has no public check"))
        .stderr(contains("next: "));
}

#[test]
fn it_works_without_any_isolation() {
    let tiny = Tiny::new();
    tiny.solve();
    tiny.xtask(["try", "--isolation", "none"])
        .assert()
        .code(0)
        .stdout(contains("isolation  none"));
}
