//! What a path in a submission stands for: a stage's file, or why it is none.

use std::collections::BTreeMap;

use super::{bounds, manifest};
use crate::course::lab::Lab;
use crate::course::rubric::Stage;

/// Folders that tools make; what is in them is nobody's work.
const BY_TOOLS: [&str; 6] = [
    "target",
    ".git",
    "__MACOSX",
    "node_modules",
    ".idea",
    ".vscode",
];

/// Folders of a lab that hold other sources than the student's.
const NOT_SOURCES: [&str; 5] = ["tests", "mistakes", "alternatives", "examples", "benches"];

/// Files that the course brings itself.
const GIVEN: [&str; 7] = [
    "main.rs",
    "lab.toml",
    "Cargo.toml",
    "Cargo.lock",
    "config.toml",
    "rust-toolchain",
    "rust-toolchain.toml",
];

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The stage files of each lab that is to be graded.
    pub stages: BTreeMap<String, Vec<String>>,
    /// Every lab of the course.
    pub labs: Vec<String>,
    /// The lab that files belong to whose path names none: the only one that was asked for.
    pub only: Option<String>,
}

/// A stage's file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The lab.
    pub lab: String,
    /// The file, `by_hand.rs`.
    pub file: String,
}

impl Place {
    /// The place of the submission's manifest, which belongs to no lab.
    pub fn manifest() -> Self {
        Self {
            lab: String::new(),
            file: manifest::NAME.to_owned(),
        }
    }

    /// Whether it is that.
    pub fn is_manifest(&self) -> bool {
        self.lab.is_empty()
    }
}

/// What a path stands for.
#[derive(Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A stage's file.
    Stage(Place),
    /// Nothing that counts.
    Ignored(Unused),
}

/// A path that does not count.
#[derive(Debug, PartialEq, Eq)]
pub struct Unused {
    /// The lab in whose folder it lies.
    pub lab: Option<String>,
    /// How many of its components are shown: all, or up to a folder that is ignored as a whole.
    pub components: usize,
    /// Why.
    pub why: String,
    /// Whether nobody makes such a path by accident.
    pub odd: bool,
}

impl Wanted {
    /// The stage files of `labs`, of all the `course` has; `only` one lab may have been named.
    pub fn of(labs: &[&Lab], course: &[String], named: bool) -> Self {
        let files = |lab: &Lab| lab.rubric.stages.iter().map(Stage::file).collect();
        Self {
            stages: labs
                .iter()
                .map(|lab| (lab.name.clone(), files(lab)))
                .collect(),
            labs: course.to_vec(),
            only: match labs {
                [lab] if named => Some(lab.name.clone()),
                _ => None,
            },
        }
    }

    /// What the path of these components, the file's name last, stands for.
    pub fn meaning(&self, path: &[&[u8]]) -> Meaning {
        let whole = path.len();
        let ignored = |lab: Option<&str>, components: usize, why: &str| {
            Meaning::Ignored(Unused {
                lab: lab.map(str::to_owned),
                components,
                why: why.to_owned(),
                odd: false,
            })
        };
        let Some((file, folders)) = path.split_last() else {
            return ignored(None, whole, "it has no name");
        };
        let (lab, at) = self.lab_of(folders);
        let is_one_of =
            |folder: &[u8], names: &[&str]| names.iter().any(|name| name.as_bytes() == folder);
        if let Some(index) = folders.iter().position(|name| is_by_tools(name)) {
            return ignored(lab, index + 1, "made by a tool; not looked into");
        }
        if whole > bounds::DEPTH {
            return ignored(lab, whole, "it lies too deep, in more than 15 folders");
        }
        let Some(lab) = lab else {
            return ignored(None, whole, self.why_no_lab(file));
        };
        let Some(stages) = self.stages.get(lab) else {
            let told = format!("of the lab {lab}, which is not graded now");
            return ignored(Some(lab), at + 1, &told);
        };
        if folders[at.min(folders.len())..]
            .iter()
            .any(|name| is_one_of(name, &NOT_SOURCES))
        {
            return ignored(
                Some(lab),
                whole,
                "not in the lab's src; checks are the course's own",
            );
        }
        if let Some(stage) = stages.iter().find(|stage| stage.as_bytes() == *file) {
            return Meaning::Stage(Place {
                lab: lab.to_owned(),
                file: stage.clone(),
            });
        }
        let alike = stages
            .iter()
            .find(|stage| stage.as_bytes().eq_ignore_ascii_case(file));
        match alike {
            Some(stage) => ignored(
                Some(lab),
                whole,
                &format!("the stage's file is called {stage}"),
            ),
            None => ignored(Some(lab), whole, why_not(file)),
        }
    }

    /// The lab whose folder is the nearest above the file, and which of the `folders` that is.
    /// Without one, the only lab that was asked for.
    fn lab_of(&self, folders: &[&[u8]]) -> (Option<&str>, usize) {
        let named = folders
            .iter()
            .enumerate()
            .rev()
            .find_map(|(index, folder)| {
                let lab = self.labs.iter().find(|lab| names(folder, lab))?;
                Some((lab.as_str(), index))
            });
        match named {
            Some((lab, index)) => (Some(lab), index),
            None => (self.only.as_deref(), 0),
        }
    }

    fn why_no_lab(&self, file: &[u8]) -> &'static str {
        let mut stages = self.stages.values().flatten();
        if stages.any(|stage| stage.as_bytes() == file) {
            "no folder above it is named after a lab; to grade it, name one lab"
        } else {
            why_not(file)
        }
    }
}

/// Whether a folder of this name is made by tools.
pub fn is_by_tools(folder: &[u8]) -> bool {
    BY_TOOLS.iter().any(|name| name.as_bytes() == folder)
}

/// Why a file that is no stage's does not count.
fn why_not(file: &[u8]) -> &'static str {
    if GIVEN.iter().any(|given| given.as_bytes() == file) {
        "given by the course, whose own text is used"
    } else if file == b"build.rs" {
        "a build script is never run"
    } else {
        "no stage of the rubric has a file of this name"
    }
}

/// Whether a folder is called after `lab`: `udp`, `UDP`, `server_basics`, and as downloads are
/// called, `udp-main`, `udp (1)`, `udp-2`.
fn names(folder: &[u8], lab: &str) -> bool {
    let Ok(folder) = std::str::from_utf8(folder) else {
        return false;
    };
    let folder = folder.to_ascii_lowercase().replace([' ', '_'], "-");
    let Some(rest) = folder.strip_prefix(lab) else {
        return false;
    };
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match rest.strip_prefix('-') {
        None => rest.is_empty(),
        Some("main" | "master") => true,
        Some(rest) => {
            let inside = rest
                .strip_prefix('(')
                .and_then(|rest| rest.strip_suffix(')'));
            number(inside.unwrap_or(rest))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(only: Option<&str>) -> Wanted {
        let files = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Wanted {
            stages: [("udp".to_owned(), files(&["echo.rs", "tftp.rs"]))].into(),
            labs: files(&["server-basics", "udp", "ipv6"]),
            only: only.map(str::to_owned),
        }
    }

    fn meaning(only: Option<&str>, path: &str) -> Meaning {
        let components: Vec<&[u8]> = path.split('/').map(str::as_bytes).collect();
        wanted(only).meaning(&components)
    }

    fn counts(only: Option<&str>, path: &str) -> bool {
        matches!(meaning(only, path), Meaning::Stage(place) if place.lab == "udp")
    }

    fn why(only: Option<&str>, path: &str) -> String {
        match meaning(only, path) {
            Meaning::Ignored(unused) => unused.why,
            Meaning::Stage(place) => panic!("{path} counts as {place:?}"),
        }
    }

    #[test]
    fn a_stage_file_counts_wherever_a_folder_above_it_names_the_lab() {
        for path in [
            "labs/udp/src/echo.rs",
            "udp/echo.rs",
            "udp/src/echo.rs",
            "jane/socket-labs/labs/udp/src/echo.rs",
            "UDP/src/echo.rs",
            "udp-main/src/echo.rs",
            "udp (1)/echo.rs",
            "server-basics/udp/src/echo.rs",
            "udp/my work/src/echo.rs",
        ] {
            assert!(counts(None, path), "{path}");
        }
    }

    #[test]
    fn a_loose_file_counts_only_if_one_lab_was_named() {
        for path in ["echo.rs", "src/echo.rs", "some-prefix/src/echo.rs"] {
            assert!(why(None, path).contains("name one lab"), "{path}");
            assert!(counts(Some("udp"), path), "{path}");
        }
        assert!(!counts(Some("udp"), "server-basics/src/echo.rs"));
    }

    #[test]
    fn what_is_no_stage_file_is_told_why() {
        assert!(why(None, "udp/src/main.rs").contains("given by the course"));
        assert!(why(None, "udp/src/Echo.rs").contains("called echo.rs"));
        assert!(why(None, "udp/build.rs").contains("never run"));
        assert!(why(None, "udp/tests/public/echo.rs").contains("not in the lab's src"));
        assert!(why(Some("udp"), "tests/echo.rs").contains("not in the lab's src"));
        assert!(why(None, "udp/target/debug/echo.rs").contains("by a tool"));
        assert!(why(None, "__MACOSX/udp/src/echo.rs").contains("by a tool"));
        assert!(why(None, "udpx/src/notes.txt").contains("no stage"));
        assert!(why(None, &format!("{}echo.rs", "udp/".repeat(16))).contains("too deep"));
    }

    #[test]
    fn a_lab_that_is_not_graded_now_is_ignored_as_a_folder() {
        let Meaning::Ignored(unused) = meaning(None, "labs/server-basics/src/echo.rs") else {
            panic!("it does not count");
        };
        assert_eq!(unused.components, 2);
        assert_eq!(unused.lab.as_deref(), Some("server-basics"));
    }
}
