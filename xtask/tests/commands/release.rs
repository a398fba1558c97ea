//! `cargo xtask release`, from the outside, and the edition that it makes.

use std::fs;
use std::path::Path;
use std::process::Command as Plain;

use crate::tiny::{SEED, Tiny};
use predicates::prelude::*;
use predicates::str::contains;

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut git = Plain::new("git");
    git.arg("-C").arg(folder).args(arguments);
    git.env("GIT_CONFIG_GLOBAL", "/dev/null");
    let output = git.output().expect("git runs");
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}

/// Commits all there is, as a student does.
fn commit(folder: &Path) {
    git(folder, &["add", "--all"]);
    git(
        folder,
        &[
            "-c",
            "user.name=S",
            "-c",
            "user.email=s@localhost",
            "commit",
            "--quiet",
            "-m",
            "Work",
        ],
    );
}

/// The student edition of `tiny`, as it is released.
fn released(tiny: &Tiny) -> (tempfile::TempDir, std::path::PathBuf) {
    let above = tempfile::tempdir().expect("a folder");
    let folder = above.path().join("course");
    let mut release = tiny.xtask(["release", "--out"]);
    release.arg(&folder).assert().success();
    (above, folder)
}

#[test]
fn what_is_named_goes_in_and_nothing_else() {
    let tiny = Tiny::new();
    tiny.write("notes-to-self.txt", "the answer is 42");
    tiny.write("labs/tiny/src/hello.rs.orig", "old");
    tiny.write("labs/tiny/tests/public/data/words.txt", "of a check");
    tiny.write("docs/src/authors/anatomy.md", "# Anatomy\n");
    let (_above, folder) = released(&tiny);
    let files = git(&folder, &["ls-files"]);
    let files: Vec<&str> = files
        .lines()
        .filter(|path| !path.starts_with("common/"))
        .collect();
    assert_eq!(
        files,
        [
            ".devcontainer/devcontainer.json",
            ".edition/labs/tiny/hello.rs",
            ".edition/labs/tiny/main.rs",
            ".edition/labs/tiny/two_times.rs",
            ".edition/manifest.toml",
            ".gitignore",
            ".vscode/settings.json",
            "Cargo.lock",
            "Cargo.toml",
            "README.md",
            "docs/src/labs/tiny.md",
            "labs/tiny/Cargo.toml",
            "labs/tiny/lab.toml",
            "labs/tiny/src/hello.rs",
            "labs/tiny/src/main.rs",
            "labs/tiny/src/two_times.rs",
            "labs/tiny/tests/public/data/words.txt",
            "labs/tiny/tests/public/hello.rs",
            "labs/tiny/tests/public/main.rs",
            "labs/tiny/tests/public/two_times.rs",
        ]
    );
    assert_eq!(git(&folder, &["log", "--format=%an"]), "Socket Labs\n");
    assert_eq!(git(&folder, &["status", "--porcelain"]), "");
    let readme = fs::read_to_string(folder.join("README.md")).expect("a readme");
    assert!(
        readme.contains("| [tiny](docs/src/labs/tiny.md) | Tiny | hello, two-times |\n\n"),
        "{readme}"
    );
}

#[test]
fn the_stub_is_cut_from_the_solution_whatever_stands_in_the_labs() {
    let tiny = Tiny::new();
    let stub = tiny.read("labs/tiny/src/hello.rs");
    tiny.solve();
    let (_above, folder) = released(&tiny);
    let released = fs::read_to_string(folder.join("labs/tiny/src/hello.rs")).expect("a stub");
    assert_eq!(released, stub);
}

#[test]
fn in_the_student_edition_stubs_fail_work_passes_and_hidden_checks_wait() {
    let tiny = Tiny::new();
    let student = tiny.released();
    student
        .xtask(["try", "tiny"])
        .assert()
        .code(1)
        .stdout(contains("hello  is not written yet"))
        .stdout(contains(
            "hidden: 2 checks, 70 points, graded by your instructor",
        ));
    let stub = student.read("labs/tiny/src/hello.rs");
    for file in ["hello.rs", "two_times.rs"] {
        let work = tiny.read(&format!("solutions/tiny/src/{file}"));
        student.write(&format!("labs/tiny/src/{file}"), &work);
    }
    student
        .xtask(["try"])
        .assert()
        .code(0)
        .stdout(contains("2 checks: all pass."));
    let record = student.record(&["--seed", SEED]);
    assert_eq!(record["edition"], "student");
    assert_eq!(
        (&record["points"], &record["max_points"]),
        (&30.into(), &30.into())
    );
    student.xtask(["grade"]).assert().stdout(contains(
        "2 checks skipped, worth 70 points: hidden, graded by your instructor",
    ));
    student
        .xtask(["grade", "tiny/hello/greets_the_next"])
        .assert()
        .code(2)
        .stderr(contains("students do not have the hidden checks"))
        .stderr(contains("next: cargo xtask try"));
    student.xtask(["reset", "tiny/hello"]).assert().code(0);
    assert_eq!(student.read("labs/tiny/src/hello.rs"), stub);
}

#[test]
fn the_given_files_are_the_course_s_whatever_a_student_makes_of_them() {
    let student = Tiny::new().released();
    student.write("labs/tiny/src/main.rs", "fn main() { loop {} }\n");
    student
        .xtask(["try", "tiny/hello"])
        .assert()
        .code(1)
        .stdout(contains("hello  is not written yet"));
}

#[test]
fn a_newer_edition_keeps_work_and_brings_what_is_new() {
    let tiny = Tiny::new();
    let (_above, folder) = released(&tiny);
    let write = |path: &str, text: &str| fs::write(folder.join(path), text).expect("a file");
    let read = |path: &str| fs::read_to_string(folder.join(path)).expect("a file");
    let work = "//! My own work.\n";
    write("labs/tiny/src/hello.rs", work);
    write("labs/tiny/src/two_times.rs", work);
    write("labs/tiny/tests/public/hello.rs", "// tried something\n");
    write("progress.toml", "# mine\n");
    commit(&folder);
    // One stub is another now, a check is another, a page is new, one is gone.
    tiny.replace(
        "solutions/tiny/src/two_times.rs",
        "/// Says to each",
        "/// Answers to each",
    );
    tiny.replace("labs/tiny/tests/public/hello.rs", "Say hello.", "Greet.");
    tiny.write("docs/src/labs/more.md", "# More\n");
    fs::remove_file(tiny.path("docs/src/labs/tiny.md")).expect("a page");

    let mut release = tiny.xtask(["release", "--out"]);
    release
        .arg(&folder)
        .assert()
        .success()
        .stdout(contains("kept      labs/tiny/src/hello.rs\n"))
        .stdout(contains("conflict  labs/tiny/src/two_times.rs\n"))
        .stdout(contains(
            "your work stays; the new stub is in labs/tiny/src/two_times.rs.new",
        ))
        .stdout(contains(
            "yours is in labs/tiny/tests/public/hello.rs.yours",
        ))
        .stdout(contains("next: look at each conflict above"))
        .stdout(contains("committed"));

    assert_eq!(read("labs/tiny/src/hello.rs"), work);
    assert_eq!(read("labs/tiny/src/two_times.rs"), work);
    assert!(read("labs/tiny/src/two_times.rs.new").contains("/// Answers to each"));
    assert!(read(".edition/labs/tiny/two_times.rs").contains("/// Answers to each"));
    assert!(read("labs/tiny/tests/public/hello.rs").contains("Greet."));
    assert_eq!(
        read("labs/tiny/tests/public/hello.rs.yours"),
        "// tried something\n"
    );
    assert_eq!(read("progress.toml"), "# mine\n");
    assert_eq!(read("docs/src/labs/more.md"), "# More\n");
    assert!(!folder.join("docs/src/labs/tiny.md").exists());
    assert_eq!(git(&folder, &["rev-list", "--count", "HEAD"]), "3\n");

    // The same edition once more changes nothing and asks nothing again.
    let mut release = tiny.xtask(["release", "--out"]);
    release
        .arg(&folder)
        .assert()
        .success()
        .stdout(contains("conflict").not())
        .stdout(contains("nothing changed"));
    assert_eq!(read("labs/tiny/src/two_times.rs"), work);
}

#[test]
fn a_conflict_that_was_not_looked_at_is_not_overwritten() {
    let tiny = Tiny::new();
    let (_above, folder) = released(&tiny);
    let stage = folder.join("labs/tiny/src/two_times.rs");
    fs::write(&stage, "//! Mine.\n").expect("a file");
    for (words, beside) in [
        ("Answers", "two_times.rs.new"),
        ("Replies", "two_times.rs.new2"),
    ] {
        let text = tiny.read("solutions/tiny/src/two_times.rs");
        let line = text
            .lines()
            .find(|line| line.starts_with("/// "))
            .expect("a comment");
        let line = line.to_owned();
        tiny.replace(
            "solutions/tiny/src/two_times.rs",
            &line,
            &format!("/// {words} to each."),
        );
        let mut release = tiny.xtask(["release", "--out"]);
        release
            .arg(&folder)
            .assert()
            .success()
            .stdout(contains(format!("labs/tiny/src/{beside}\n")))
            .stdout(contains("not committed: there was uncommitted work"));
        let new = fs::read_to_string(stage.with_file_name(beside)).expect("the new stub");
        assert!(new.contains(words));
    }
    assert_eq!(fs::read_to_string(&stage).expect("a file"), "//! Mine.\n");
}

#[test]
fn a_place_that_is_none_is_refused() {
    let tiny = Tiny::new();
    tiny.xtask(["release", "--out", "handout"])
        .assert()
        .code(2)
        .stderr(contains("handout lies in the workspace that is released"));
    let full = tempfile::tempdir().expect("a folder");
    fs::write(full.path().join("thesis.tex"), "years of work").expect("a file");
    let mut release = tiny.xtask(["release", "--out"]);
    release
        .arg(full.path())
        .assert()
        .code(2)
        .stderr(contains("is neither empty nor a student edition"));
    assert_eq!(fs::read_dir(full.path()).expect("a folder").count(), 1);
    let (_above, folder) = released(&tiny);
    assert_cmd::Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["release", "--out", "../again"])
        .current_dir(&folder)
        .assert()
        .code(2)
        .stderr(contains("this is a student edition"))
        .stderr(contains("next: release from the instructor's edition"));
}
