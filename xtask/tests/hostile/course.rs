//! A course of real labs in a folder of its own, with canaries where no submission may look, and a
//! class that hands in.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::residue;

/// What stands in a hidden check, in the grader's environment, in a file of the instructor's, and in
/// every honest submission. No program, and no record of a hostile one, may hold any.
pub(crate) const CANARIES: [&str; 4] = [
    "canary-of-a-hidden-check",
    "canary-of-the-environment",
    "canary-of-the-instructor",
    "canary-of-a-neighbour",
];

/// The course and its class.
pub(crate) struct Course {
    folder: TempDir,
}

impl Course {
    /// The course of those `labs` of this workspace; nobody has handed in yet.
    pub(crate) fn of(labs: &[&str]) -> Self {
        let course = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        let repository = repository();
        let manifest = read(&repository.join("Cargo.toml"));
        course.write("Cargo.toml", &of_labs(&manifest, labs));
        fs::copy(repository.join("Cargo.lock"), course.path("Cargo.lock")).expect("a copy");
        symlink(repository.join("common"), course.path("common")).expect("a link");
        for lab in labs {
            for part in ["labs", "solutions"] {
                copy(
                    &repository.join(part).join(lab),
                    &course.path(part).join(lab),
                );
            }
            let notes = format!("docs/src/labs/{lab}.md");
            course.write(&notes, &read(&repository.join(&notes)));
            let hidden = format!("labs/{lab}/tests/hidden/main.rs");
            let [canary, ..] = CANARIES;
            let planted = format!("\n/// {canary}\n#[used]\nstatic CANARY: &str = \"{canary}\";\n");
            let text = read(&course.path(&hidden)) + &planted;
            course.write(&hidden, &text);
        }
        for file in ["instructor/grades.csv", "tmp/notes.txt", ".env"] {
            course.write(file, CANARIES[2]);
        }
        fs::create_dir(course.path("class")).expect("a folder");
        course
    }

    /// `path` in it.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file and the folders above it.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Hands in the solution of `lab`, with `changed` files instead of its own, as `id` in `class`.
    pub(crate) fn hand_in_solution(
        &self,
        class: &str,
        id: &str,
        lab: &str,
        changed: &[(String, String)],
    ) {
        let sources = format!("{class}/{id}/labs/{lab}/src");
        copy(
            &self.path("solutions").join(lab).join("src"),
            &self.path(&sources),
        );
        for (name, text) in changed {
            self.write(&format!("{sources}/{name}"), text);
        }
        for entry in fs::read_dir(self.path(&sources))
            .expect("a folder")
            .flatten()
        {
            let text = read(&entry.path());
            fs::write(entry.path(), format!("{text}\n// {}\n", CANARIES[3])).expect("a file");
        }
    }

    /// `cargo xtask` with these arguments; its temporary folder is `tmp`.
    pub(crate) fn xtask(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::new(xtask());
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("CARGO_TARGET_DIR", target())
            .env("CARGO_NET_OFFLINE", "true")
            .env("TMPDIR", self.path("tmp"))
            .env("CANARY_IN_THE_ENVIRONMENT", CANARIES[1])
            .stdin(Stdio::null());
        command
    }

    /// Grades the folder `class` into `out`; what the runner said.
    pub(crate) fn grade(&self, lab: &str, class: &str, out: &str) -> Output {
        let (class, out) = (self.path(class), self.path(out));
        let mut command = self.xtask(["grade", lab, "--submissions"]);
        command.arg(class).arg("--out").arg(out);
        residue::output(&mut command)
    }

    /// The record of a submission, and its text.
    pub(crate) fn record(&self, out: &str, id: &str) -> (Value, String) {
        let path = self.path(out).join("records").join(format!("{id}.json"));
        let text = read(&path);
        let record = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (record, text)
    }
}

/// Whether this machine has boxes. Where it has none the test says so and is over; with CI set
/// that is a failure.
pub(crate) fn has_boxes() -> bool {
    let probe = Command::new("bwrap")
        .args(["--unshare-all", "--ro-bind", "/", "/", "true"])
        .output();
    if probe.is_ok_and(|ended| ended.status.success()) {
        return true;
    }
    println!("skipped: this machine has no box (bubblewrap, user namespaces)");
    assert!(
        std::env::var_os("CI").is_none(),
        "in CI there must be a box"
    );
    false
}

/// The runner; an example is one itself.
fn xtask() -> PathBuf {
    let own = || std::env::current_exe().expect("a path");
    option_env!("CARGO_BIN_EXE_xtask").map_or_else(own, PathBuf::from)
}

/// Where the libraries of all these courses are built, once.
fn target() -> PathBuf {
    option_env!("CARGO_TARGET_TMPDIR").map_or_else(
        || repository().join("target/hostile"),
        |folder| Path::new(folder).join("tiny"),
    )
}

fn repository() -> PathBuf {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    repository.canonicalize().expect("this workspace")
}

/// The root manifest with other members and labs.
fn of_labs(manifest: &str, labs: &[&str]) -> String {
    let lines = manifest
        .lines()
        .filter_map(|line| match line.split(' ').next() {
            Some("members") => {
                Some("members = [\"common/*\", \"labs/*\", \"solutions/*\"]".to_owned())
            }
            Some("default-members") => None,
            Some("labs") => Some(format!("labs = {labs:?}")),
            _ => Some(line.to_owned()),
        });
    lines.collect::<Vec<_>>().join("\n")
}

/// Copies the texts in a folder.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let (path, copied) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            fs::copy(&path, &copied).expect("a copy");
        }
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
