//! The hostile submissions of this folder: what each hands in, and what is to come of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// A hostile submission.
#[derive(Debug, Clone)]
pub(crate) struct Hostile {
    /// The name of its folder.
    pub(crate) name: String,
    /// What `expect.toml` says.
    pub(crate) told: Told,
    /// Its stage files by name, with the kit that they need.
    pub(crate) files: BTreeMap<String, String>,
}

/// The file `expect.toml` beside the stage files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Told {
    /// The kind of attack.
    pub(crate) attack: Attack,
    /// The lab whose stage it poses as.
    pub(crate) lab: String,
    /// The stage.
    pub(crate) stage: String,
    /// Whether `kit/raw.rs` is appended to its stage files.
    #[serde(default)]
    pub(crate) kit: bool,
    /// What is to come of it.
    pub(crate) expected: Expected,
}

/// What a submission tries to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Attack {
    /// To pass without doing what is asked.
    Forging,
    /// To use the compiler.
    CompileTime,
    /// To use up the machine.
    Resources,
    /// To find out what it must not know.
    Leaks,
    /// To get away, or to leave something behind.
    Escape,
}

/// What is to come of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    /// How each check of the stage may end.
    pub(crate) status: Vec<String>,
    /// Whether some may pass, because it does what they ask.
    #[serde(default)]
    pub(crate) may_pass: bool,
    /// Words that the stage's part of the record holds.
    #[serde(default)]
    pub(crate) holds: Vec<String>,
    /// Words that it does not hold.
    #[serde(default)]
    pub(crate) lacks: Vec<String>,
}

/// All of them, by name; without those that need system calls which this machine numbers otherwise.
pub(crate) fn all() -> Vec<Hostile> {
    let mut all: Vec<Hostile> = fs::read_dir(here())
        .expect("the folder of the hostile submissions")
        .flatten()
        .filter(|entry| entry.path().join("expect.toml").is_file())
        .map(|entry| Hostile::read(&entry.path()))
        .filter(|hostile| cfg!(target_arch = "x86_64") || !hostile.told.kit)
        .collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

/// Those of one lab.
pub(crate) fn of_lab(lab: &str) -> Vec<Hostile> {
    let mut all = all();
    all.retain(|hostile| hostile.told.lab == lab);
    all
}

impl Hostile {
    fn read(folder: &Path) -> Self {
        let name = folder.file_name().unwrap_or_default();
        let text = read(&folder.join("expect.toml"));
        let told: Told =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let kit = if told.kit {
            read(&here().join("kit/raw.rs"))
        } else {
            String::new()
        };
        let stage_files = fs::read_dir(folder).expect("its folder").flatten();
        let files = stage_files
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
            .map(|path| {
                let name = path.file_name().unwrap_or_default();
                (name.to_string_lossy().into_owned(), read(&path) + &kit)
            })
            .collect();
        Self {
            name: name.to_string_lossy().into_owned(),
            told,
            files,
        }
    }

    /// Lays it out in the folder `submissions` under the name `id`.
    pub(crate) fn hand_in(&self, submissions: &Path, id: &str) {
        let sources = submissions
            .join(id)
            .join("labs")
            .join(&self.told.lab)
            .join("src");
        fs::create_dir_all(&sources).expect("a folder");
        for (name, text) in &self.files {
            fs::write(sources.join(name), text).expect("a file");
        }
    }
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
