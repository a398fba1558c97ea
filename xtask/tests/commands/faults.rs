//! What goes wrong before anything is graded: each error names the place and what to do next.

use std::process::Command as Plain;

use crate::tiny::Tiny;
use assert_cmd::Command;
use predicates::str::contains;

#[test]
fn an_unknown_name_is_told_with_the_nearest() {
    let tiny = Tiny::new();
    let cases = [
        (
            "tyni",
            "this course has no lab `tyni`",
            "did you mean tiny?",
        ),
        (
            "hello/greets",
            "`hello` is a stage, and this course has no such lab",
            "did you mean tiny/hello/greets?",
        ),
        (
            "tiny/helo",
            "lab `tiny` has no stage `helo`",
            "did you mean tiny/hello?",
        ),
        (
            "tiny/hello/greet",
            "stage `hello` of `tiny` has no check `greet`",
            "did you mean tiny/hello/greets?",
        ),
        (
            "tiny/xyzzy",
            "has no stage `xyzzy`",
            "one of: hello, two-times",
        ),
    ];
    for (asked, what, next) in cases {
        tiny.xtask(["grade", asked])
            .assert()
            .code(2)
            .stderr(contains(what))
            .stderr(contains(format!("next: {next}")));
    }
    tiny.xtask(["verify", "tiny/hello/hello-twice"])
        .assert()
        .code(2)
        .stderr(contains("next: did you mean tiny/hello/hello-once?"));
}

#[test]
fn a_lab_in_the_making_is_told_what_it_needs() {
    let tiny = Tiny::new();
    let next = |told: &str| {
        tiny.xtask(["verify", "capitals"])
            .assert()
            .code(2)
            .stderr(contains(told));
    };
    std::fs::create_dir(tiny.path("labs/capitals")).expect("a folder");
    next("error: labs/capitals is there, and this course does not name it");
    next(
        "next: name it in Cargo.toml: [workspace.metadata.socket-labs] labs = [..., \"capitals\"]",
    );
    tiny.replace("Cargo.toml", "[\"tiny\"]", "[\"tiny\", \"capitals\"]");
    next("error: Cargo.toml names the lab `capitals`, and there is no labs/capitals/lab.toml");
    next("next: write it, see docs/src/authors/add-a-lab.md");
    tiny.xtask(["verify", ".."])
        .assert()
        .code(2)
        .stderr(contains("this course has no lab `..`"));
}

#[test]
fn a_rubric_with_an_unknown_key_is_told_with_its_line() {
    let tiny = Tiny::new();
    tiny.replace(
        "labs/tiny/lab.toml",
        "points = 60",
        "points = 60\ncolor = \"red\"",
    );
    tiny.xtask(["grade"])
        .assert()
        .code(2)
        .stderr(contains("labs/tiny/lab.toml:38: unknown field `color`"))
        .stderr(contains("docs/src/authors/anatomy.md#the-rubric"));
}

#[test]
fn a_stage_without_a_file_is_told() {
    let tiny = Tiny::new();
    tiny.replace("labs/tiny/lab.toml", "two-times", "three-times");
    tiny.replace("labs/tiny/lab.toml", "two_times::", "three_times::");
    tiny.xtask(["grade"])
        .assert()
        .code(2)
        .stderr(contains("there is no solutions/tiny/src/three_times.rs"));
}

#[test]
fn a_folder_that_is_no_workspace_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("grade")
        .current_dir(folder.path())
        .assert()
        .code(2)
        .stderr(contains("is in no Socket Labs workspace"))
        .stderr(contains("next: go to the folder"));
}

#[test]
fn a_missing_compiler_and_a_missing_cargo_are_told() {
    let tiny = Tiny::new();
    let empty = tempfile::tempdir().expect("a folder");
    tiny.xtask(["grade"])
        .env("PATH", empty.path())
        .env_remove("RUSTC")
        .assert()
        .code(3)
        .stderr(contains("there is no rustc on PATH"))
        .stderr(contains("next: install Rust"));
    tiny.xtask(["grade"])
        .env("CARGO", empty.path().join("cargo"))
        .assert()
        .code(3)
        .stderr(contains("there is no cargo on PATH"));
}

#[test]
fn a_testbench_or_checks_that_do_not_compile_are_told_with_the_compiler_s_words() {
    let tiny = Tiny::new();
    tiny.replace(
        "labs/tiny/tests/hidden/hello.rs",
        "server.connect()",
        "server.conect()",
    );
    tiny.xtask(["grade"])
        .assert()
        .code(3)
        .stderr(contains("the hidden checks of tiny do not compile"))
        .stderr(contains("labs/tiny/tests/hidden/hello.rs:7:16"))
        .stderr(contains("next: mend labs/tiny/tests/hidden"));
}

#[test]
fn given_files_that_do_not_compile_are_the_course_s_fault() {
    let tiny = Tiny::new();
    tiny.replace("solutions/tiny/src/main.rs", "fn main()", "fn mian()");
    tiny.xtask(["grade"])
        .assert()
        .code(3)
        .stderr(contains(
            "tiny does not compile even with every stage's stub",
        ))
        .stderr(contains("`main` function not found"));
}

#[test]
fn a_seed_that_is_none_and_a_share_above_all_are_usage() {
    let tiny = Tiny::new();
    tiny.xtask(["grade", "--seed", "xyz"])
        .assert()
        .code(2)
        .stderr(contains("`xyz` is no seed"));
    tiny.xtask(["grade", "--fail-under", "101"])
        .assert()
        .code(2);
    tiny.xtask(["grade", "--jobs", "0"]).assert().code(2);
}

/// Runs `script` in a mount namespace of its own, in which it may mount.
fn with_mounts(script: &str) -> Plain {
    let mut unshare = Plain::new("unshare");
    unshare.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]);
    unshare
}

#[test]
fn a_full_disk_is_told_with_a_way_out() {
    let tiny = Tiny::new();
    // Whatever has to be built is built before the disk is full.
    tiny.xtask(["grade", "--isolation", "none"])
        .assert()
        .code(0);
    let full = tiny.path("full");
    std::fs::create_dir(&full).expect("a folder");
    let mount = format!("mount -t tmpfs -o size=64k none '{}'", full.display());
    let possible = with_mounts(&mount)
        .status()
        .is_ok_and(|status| status.success());
    if !possible {
        println!("skipped: this machine lets nobody mount a small disk");
        assert!(
            std::env::var_os("CI").is_none(),
            "this machine must let us mount"
        );
        return;
    }
    let grade = tiny.xtask(["grade", "--isolation", "none"]);
    let mut command = with_mounts(&format!("{mount} && exec \"$0\" grade --isolation none"));
    command
        .arg(grade.get_program())
        .current_dir(tiny.path(""))
        .env("TMPDIR", &full);
    for (name, value) in grade.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let output = command.output().expect("the runner runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.contains("No space left on device"), "{told}");
    assert!(told.contains("TMPDIR="), "{told}");
}

#[test]
fn tools_that_are_missing_are_named_with_the_command_that_installs_them() {
    let empty = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["install-tools", "--book"]);
    command.env("PATH", empty.path());
    command.arg("--dry-run");
    command
        .assert()
        .code(0)
        .stdout(contains("bwrap    is missing"))
        .stdout(contains("apt-get install bubblewrap"))
        .stdout(contains(
            "would run: cargo install --locked --no-default-features",
        ));
}
