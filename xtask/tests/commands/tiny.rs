//! A workspace of one tiny lab (`tests/tiny-lab`) in a temporary folder.
//!
//! It has this workspace's testbench and sandbox, which cargo builds once, in a folder that all
//! tests share.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// The seed that tests give where the seed matters.
pub(crate) const SEED: &str = "00c0ffee00c0ffee";

/// The workspace; deleted with this.
pub(crate) struct Tiny {
    folder: TempDir,
}

impl Tiny {
    /// One whose stub is what `sync` cuts.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let tiny = Self { folder };
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let repository = repository.canonicalize().expect("this workspace");
        let manifest = fs::read_to_string(repository.join("Cargo.toml")).expect("a manifest");
        tiny.write("Cargo.toml", &of_tiny(&manifest));
        fs::copy(repository.join("Cargo.lock"), tiny.path("Cargo.lock")).expect("a copy");
        // Cargo knows a member by its path in the workspace, so what one test has built is fresh
        // for the others, wherever their workspaces are.
        symlink(repository.join("common"), tiny.path("common")).expect("a link");
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tiny-lab");
        let mut folders = vec![here.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a folder").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let text = fs::read_to_string(&path).expect("a text");
                    let inside = path.strip_prefix(&here).expect("a file of it");
                    tiny.write(&inside.display().to_string(), &text);
                }
            }
        }
        tiny.xtask(["sync"]).assert().success();
        tiny
    }

    /// The student edition of it, in a folder of its own.
    pub(crate) fn released(&self) -> Self {
        let student = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        self.release_over(&student).assert().success();
        student.share_common();
        student
    }

    /// The command that releases it over `student`.
    pub(crate) fn release_over(&self, student: &Self) -> Command {
        let mut release = self.xtask(["release", "--out"]);
        release.arg(student.folder.path());
        release
    }

    /// Lets it use this workspace's packages instead of its copy, which cargo would build anew.
    fn share_common(&self) {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let common = repository.join("common").canonicalize().expect("common");
        fs::rename(self.path("common"), self.path("target-copy-of-common")).expect("a folder");
        symlink(common, self.path("common")).expect("a link");
    }

    /// `path` in the workspace.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// The text of a file.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("a file of the workspace")
    }

    /// Writes a file and the folders above it.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Replaces `from`, which must be there, in a file.
    pub(crate) fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from}");
        self.write(path, &text.replace(from, to));
    }

    /// Puts the solution in the stub's place, as a student who has done it all.
    pub(crate) fn solve(&self) {
        for file in ["hello.rs", "two_times.rs"] {
            let text = self.read(&format!("solutions/tiny/src/{file}"));
            self.write(&format!("labs/tiny/src/{file}"), &text);
        }
    }

    /// `cargo xtask` with these arguments, in the workspace.
    pub(crate) fn xtask(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env(
                "CARGO_TARGET_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("tiny"),
            )
            .env("CARGO_NET_OFFLINE", "true");
        command
    }

    /// The record that `grade --format json` prints with these arguments.
    pub(crate) fn record(&self, arguments: &[&str]) -> Value {
        let all = ["grade", "--format", "json"].iter().chain(arguments);
        let output = self.xtask(all).output().expect("the runner runs");
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
    }
}

/// The root manifest with other members and labs.
fn of_tiny(manifest: &str) -> String {
    let lines = manifest
        .lines()
        .filter_map(|line| match line.split(' ').next() {
            Some("members") => Some("members = [\"common/*\", \"labs/*\", \"solutions/*\"]"),
            Some("default-members") => None,
            Some("labs") => Some("labs = [\"tiny\"]"),
            _ => Some(line),
        });
    lines.collect::<Vec<_>>().join("\n")
}

/// The statuses in a record, by check.
pub(crate) fn statuses(record: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let labs = record["labs"].as_array().into_iter().flatten();
    labs.flat_map(|lab| lab["checks"].as_array().into_iter().flatten())
        .map(|check| (text(&check["id"]), text(&check["status"])))
        .collect()
}
