//! What a student edition consists of.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::{docs, manifests};
use crate::course::lab::{Lab, PRISTINE};
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::student::desk::{hidden, public};
use crate::sync::stubs_of;
use crate::toolchain::rustc::Rustc;
use crate::work::WorkFolder;

/// Files of the workspace's own folder that go in as they are, where they are.
const AS_THEY_ARE: [&str; 7] = [
    ".cargo/config.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "clippy.toml",
    "rust-toolchain",
    "rust-toolchain.toml",
    "rustfmt.toml",
];

/// Files that only a student edition has.
const ITS_OWN: [(&str, &str); 3] = [
    (".gitignore", include_str!("files/gitignore")),
    (".vscode/settings.json", include_str!("files/settings.json")),
    (
        ".devcontainer/devcontainer.json",
        include_str!("files/devcontainer.json"),
    ),
];

/// Its README; `{labs}` stands for the table of the labs.
const README: &str = include_str!("files/README.md");

/// Folders of a package that prove the package, which is no business of a student's.
const PROOFS: [&str; 4] = ["tests", "examples", "benches", "target"];

/// Every file of the edition, and what there is in it.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// The files, by their path with `/`.
    pub(super) files: BTreeMap<String, Vec<u8>>,
    /// Those of them that students write.
    pub(super) stages: BTreeSet<String>,
    /// How many labs there are.
    pub(super) labs: usize,
    /// How many public checks.
    pub(super) public: usize,
    /// How many hidden checks, which the rubric names.
    pub(super) hidden: usize,
}

impl Contents {
    /// Gathers them from `workspace`.
    pub(super) fn gather(workspace: &Workspace, work: &WorkFolder) -> Result<Self> {
        let root = &workspace.root;
        let mut contents = Self::default();
        for path in AS_THEY_ARE {
            if root.join(path).is_file() {
                contents.take(root, path)?;
            }
        }
        for (path, text) in ITS_OWN {
            contents.put(path, text);
        }
        for package in packages(root)? {
            contents.package(root, &package)?;
        }
        let rustfmt = Rustc::find()?.rustfmt()?;
        let mut table = String::new();
        for name in &workspace.labs {
            let lab = Lab::open(workspace, name)?;
            contents.lab(root, &lab, &rustfmt)?;
            let stages: Vec<&str> = lab.rubric.stages.iter().map(|s| s.name.as_str()).collect();
            // Writing to a String cannot fail.
            _ = writeln!(
                table,
                "| [{name}]({}) | {} | {} |",
                lab.notes_shown(),
                lab.rubric.title,
                stages.join(", ")
            );
        }
        contents.put("README.md", README.replace("{labs}\n", &table));
        for path in docs::pages(root)? {
            contents.take(root, &path)?;
        }
        docs::without_links_to_what_is_not_there(&mut contents.files, root);
        let manifest = read(&root.join("Cargo.toml"))?;
        contents.put("Cargo.toml", manifests::root(&manifest)?);
        contents.put("Cargo.lock", read(&root.join("Cargo.lock"))?);
        let lock = manifests::lock(&contents.files, work)?;
        contents.put("Cargo.lock", lock);
        Ok(contents)
    }

    fn put(&mut self, path: impl Into<String>, text: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), text.into());
    }

    /// Takes the file at `path` in `root` as it is.
    fn take(&mut self, root: &Path, path: &str) -> Result<()> {
        let file = root.join(path);
        let text = fs::read(&file).map_err(|error| Fault::io("read", &file, &error))?;
        self.put(path, text);
        Ok(())
    }

    /// A package, without what proves it.
    fn package(&mut self, root: &Path, package: &str) -> Result<()> {
        let folder = root.join(package);
        let mut sources = String::new();
        for path in files_below(&folder, &PROOFS)? {
            let path = format!("{package}/{path}");
            self.take(root, &path)?;
            if Path::new(&path).extension() == Some("rs".as_ref()) {
                sources.push_str(&String::from_utf8_lossy(&self.files[&path]));
            }
        }
        let path = format!("{package}/Cargo.toml");
        let manifest = read(&root.join(&path))?;
        self.put(
            path.as_str(),
            manifests::package(&manifest, &path, &sources)?,
        );
        Ok(())
    }

    /// A lab: its stubs, twice, its rubric and its public checks.
    fn lab(&mut self, root: &Path, lab: &Lab, rustfmt: &Path) -> Result<()> {
        let folder = format!("labs/{}", lab.name);
        for file in ["Cargo.toml", "lab.toml"] {
            self.take(root, &format!("{folder}/{file}"))?;
        }
        for path in files_below(&root.join(&folder).join("tests/public"), &[])? {
            self.take(root, &format!("{folder}/tests/public/{path}"))?;
        }
        for stub in stubs_of(lab, rustfmt)? {
            let name = stub.path.file_name().unwrap_or_default().to_string_lossy();
            self.put(format!("{PRISTINE}/{}/{name}", lab.name), stub.text.clone());
            self.put(format!("{folder}/src/{name}"), stub.text);
        }
        for stage in &lab.rubric.stages {
            self.stages.insert(format!("{folder}/src/{}", stage.file()));
            self.public += public(stage).count();
            self.hidden += hidden(stage).count();
        }
        self.labs += 1;
        Ok(())
    }
}

/// The packages that students have besides the labs.
fn packages(root: &Path) -> Result<Vec<String>> {
    let common = root.join("common");
    let mut packages = Vec::new();
    for name in names_in(&common)? {
        if common.join(&name).join("Cargo.toml").is_file() {
            packages.push(format!("common/{name}"));
        }
    }
    if root.join("xtask/Cargo.toml").is_file() {
        packages.push("xtask".to_owned());
    }
    Ok(packages)
}

/// The files in `folder` and below, by their path from there with `/`; not what editors leave,
/// and not the folders `without` right in it.
pub(super) fn files_below(folder: &Path, without: &[&str]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open: Vec<String> = vec![String::new()];
    while let Some(inside) = open.pop() {
        for name in names_in(&folder.join(&inside))? {
            let path = format!("{inside}{name}");
            let whole = folder.join(&path);
            if whole.is_dir() {
                if !(inside.is_empty() && without.contains(&name.as_str())) {
                    open.push(format!("{path}/"));
                }
            } else if !is_leftover(&whole) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// What editors, patches and this command leave beside files.
fn is_leftover(path: &Path) -> bool {
    let endings = ["bak", "new", "orig", "rej", "swp", "yours"];
    let known = |ending: &OsStr| endings.iter().any(|known| ending == *known);
    path.extension().is_some_and(known) || path.to_string_lossy().ends_with('~')
}

/// The names in `folder` that are text and do not begin with a dot, in order.
fn names_in(folder: &Path) -> Result<Vec<String>> {
    let failed = |error: &std::io::Error| Fault::io("look into", folder, error);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| failed(&error))? {
        let name = entry.map_err(|error| failed(&error))?.file_name();
        names.extend(
            name.into_string()
                .ok()
                .filter(|name| !name.starts_with('.')),
        );
    }
    names.sort();
    Ok(names)
}

/// A text of the workspace.
fn read(path: &PathBuf) -> Result<String> {
    fs::read_to_string(path).map_err(|error| Fault::io("read", path, &error))
}
