//! The released course tells nothing of solutions, hidden checks and mistakes.
//!
//! The canaries are drawn from this very workspace: every line of some length that stands in
//! secret files and in no public one, and every run of [`RUN`] words of a lesson or of a comment
//! in them. None may be in the released folder, nor in any object of its git repository.

use std::collections::HashSet;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A line shorter than this may well be written twice.
const LINE: usize = 30;

/// So many words in a row nobody writes twice by chance.
const RUN: usize = 8;

/// What students have, whatever becomes of the rest.
const PUBLIC: [&str; 6] = [
    "common",
    "docs/src/concepts",
    "docs/src/labs",
    "docs/src/reference",
    "xtask/src",
    "README.md",
];

/// What is in some texts: lines, and runs of words.
struct Marks {
    hasher: RandomState,
    lines: HashSet<String>,
    runs: HashSet<u64>,
}

impl Marks {
    fn new(hasher: &RandomState) -> Self {
        Self {
            hasher: hasher.clone(),
            lines: HashSet::new(),
            runs: HashSet::new(),
        }
    }

    /// Every line and every run of words.
    fn add(&mut self, text: &str) {
        let lines = text.lines().map(str::trim);
        self.lines
            .extend(lines.filter(|line| line.len() >= LINE).map(str::to_owned));
        let runs = self.runs_of(text);
        self.runs.extend(runs);
    }

    fn runs_of(&self, text: &str) -> Vec<u64> {
        // A text that goes on in the next line of a comment or of a string is one text.
        let words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        words
            .windows(RUN)
            .map(|run| self.hasher.hash_one(run))
            .collect()
    }

    fn without(&mut self, other: &Self) {
        self.lines.retain(|line| !other.lines.contains(line));
        self.runs.retain(|run| !other.runs.contains(run));
    }

    /// What of these is in `text`.
    fn found_in(&self, text: &str) -> Vec<String> {
        let lines = text.lines().map(str::trim);
        let mut found: Vec<String> = lines
            .filter(|line| self.lines.contains(*line))
            .map(str::to_owned)
            .collect();
        let runs = self
            .runs_of(text)
            .into_iter()
            .filter(|run| self.runs.contains(run));
        found.extend(runs.map(|_| format!("{RUN} words in a row")));
        found
    }
}

fn files_below(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_file() {
        found.push(path.to_path_buf());
    } else if let Ok(entries) = fs::read_dir(path) {
        for entry in entries.flatten() {
            if entry.file_name() != "target" {
                files_below(&entry.path(), found);
            }
        }
    }
}

fn texts_below(path: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    files_below(path, &mut files);
    files
        .into_iter()
        .map(|path| {
            let text = String::from_utf8_lossy(&fs::read(&path).expect("a file")).into_owned();
            (path, text)
        })
        .collect()
}

/// The lines of a solution that its stub does not have.
fn inside_regions(text: &str) -> String {
    let mut inside = false;
    let mut kept = String::new();
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("// solution:") {
            inside = true;
        } else if trimmed == "// end" {
            inside = false;
        } else if inside {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

fn repository() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.canonicalize().expect("this workspace")
}

/// What may not be told, and an example of it.
fn canaries(root: &Path) -> (Marks, String) {
    let hasher = RandomState::new();
    let (mut secret, mut public) = (Marks::new(&hasher), Marks::new(&hasher));
    let mut example = String::new();
    for lab in fs::read_dir(root.join("labs")).expect("labs").flatten() {
        let name = lab.file_name();
        for folder in ["src", "tests/public"] {
            for (_, text) in texts_below(&lab.path().join(folder)) {
                public.add(&text);
            }
        }
        public.add(&fs::read_to_string(lab.path().join("lab.toml")).expect("a rubric"));
        for (_, text) in texts_below(&lab.path().join("tests/hidden")) {
            secret.add(&text);
            example = text;
        }
        let solution = root.join("solutions").join(&name);
        for (_, text) in texts_below(&solution.join("src")) {
            secret.add(&inside_regions(&text));
        }
        for folder in ["mistakes", "alternatives"] {
            for (_, text) in texts_below(&solution.join(folder)) {
                secret.add(&text);
            }
        }
    }
    for path in PUBLIC {
        for (_, text) in texts_below(&root.join(path)) {
            public.add(&text);
        }
    }
    secret.without(&public);
    (secret, example)
}

#[test]
fn nothing_secret_is_in_the_released_course_or_in_its_history() {
    let root = repository();
    let (canaries, example) = canaries(&root);
    assert!(
        canaries.lines.len() > 2000,
        "{} lines",
        canaries.lines.len()
    );
    assert!(canaries.runs.len() > 20_000, "{} runs", canaries.runs.len());
    assert!(
        !canaries.found_in(&example).is_empty(),
        "a leak would be found"
    );

    let above = tempfile::tempdir().expect("a folder");
    let folder = above.path().join("course");
    assert_cmd::Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["release", "--out"])
        .arg(&folder)
        .current_dir(&root)
        .env("CARGO_NET_OFFLINE", "true")
        .assert()
        .success();

    let texts = texts_below(&folder);
    assert!(texts.len() > 100, "{} files", texts.len());
    for (path, text) in texts {
        let found = canaries.found_in(&text);
        assert!(found.is_empty(), "{}: {found:#?}", path.display());
    }
    let mut git = Command::new("git");
    git.arg("-C")
        .arg(&folder)
        .args(["cat-file", "--batch-all-objects", "--batch"]);
    let objects = git.output().expect("git runs");
    assert!(objects.status.success());
    let objects = String::from_utf8_lossy(&objects.stdout).into_owned();
    assert!(
        objects.contains("Learn socket programming"),
        "objects are read"
    );
    let found = canaries.found_in(&objects);
    assert!(found.is_empty(), "in the history: {found:#?}");

    // Titles and points of hidden checks are told: the rubric is the same.
    for lab in fs::read_dir(folder.join("labs")).expect("labs").flatten() {
        let rubric = |root: &Path| {
            fs::read(root.join("labs").join(lab.file_name()).join("lab.toml")).expect("a rubric")
        };
        assert_eq!(rubric(&folder), rubric(&root));
    }
}
