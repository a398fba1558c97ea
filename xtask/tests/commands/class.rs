//! A folder of submissions for the tiny lab, and where their records go.

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use serde_json::Value;

use crate::tiny::Tiny;

/// What a submission needs to be right: by the names of its files.
pub(crate) const STAGES: [&str; 2] = ["hello.rs", "two_times.rs"];

/// A tiny workspace with a class.
pub(crate) struct Class {
    pub(crate) tiny: Tiny,
}

impl Class {
    /// Nobody has handed in yet.
    pub(crate) fn new() -> Self {
        let class = Self { tiny: Tiny::new() };
        fs::create_dir(class.tiny.path("class")).expect("a folder");
        class
    }

    /// `path` among the submissions.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.tiny.path(&format!("class/{path}"))
    }

    /// The right text of a stage's file.
    pub(crate) fn solution(&self, file: &str) -> String {
        self.tiny.read(&format!("solutions/tiny/src/{file}"))
    }

    /// Hands in a file.
    pub(crate) fn hand_in(&self, path: &str, text: &str) {
        self.tiny.write(&format!("class/{path}"), text);
    }

    /// Hands in the whole lab, done right, in a folder of `student`.
    pub(crate) fn hand_in_all(&self, student: &str) {
        for file in STAGES {
            let path = format!("{student}/labs/tiny/src/{file}");
            self.hand_in(&path, &self.solution(file));
        }
    }

    /// Hands in the lab with one client greeted only: 90 of 100 points.
    pub(crate) fn hand_in_a_mistake(&self, student: &str) {
        self.hand_in_all(student);
        let mistake = self.tiny.read("solutions/tiny/mistakes/hello-once.rs");
        self.hand_in(&format!("{student}/labs/tiny/src/hello.rs"), &mistake);
    }

    /// `cargo xtask grade` of the class into `out`; as boxes would be too slow for so many tests,
    /// and are tested elsewhere, without.
    pub(crate) fn grade(&self, arguments: &[&str]) -> Command {
        self.grade_into("out", arguments)
    }

    /// As [`Class::grade`], into another folder.
    pub(crate) fn grade_into(&self, out: &str, arguments: &[&str]) -> Command {
        let all = ["grade", "--submissions", "class", "--out", out];
        let all = all.iter().chain(&["--isolation", "none"]).chain(arguments);
        self.tiny.xtask(all)
    }

    /// The record of a submission.
    pub(crate) fn record(&self, id: &str) -> Value {
        record_at(&self.tiny.path(&format!("out/records/{id}.json")))
    }

    /// Whether there is a record of a submission.
    pub(crate) fn has_record(&self, id: &str) -> bool {
        self.tiny.path(&format!("out/records/{id}.json")).is_file()
    }
}

/// The record in a file.
pub(crate) fn record_at(path: &std::path::Path) -> Value {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{error}: {}", path.display()));
    serde_json::from_str(&text).expect("a record")
}

/// What was not used, as `path: why`.
pub(crate) fn ignored(list: &Value) -> Vec<String> {
    let entries = list.as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    entries
        .map(|entry| format!("{}: {}", text(&entry["path"]), text(&entry["why"])))
        .collect()
}
