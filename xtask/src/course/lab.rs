//! One lab: its rubric and where its files are.

use std::path::{Path, PathBuf};

use super::rubric::{Rubric, Stage};
use super::workspace::Workspace;
use crate::fault::{Fault, Result};

/// Where a student edition has untouched copies of each lab's `src`.
pub const PRISTINE: &str = ".edition/labs";

/// Where an author reads what a lab consists of.
pub const GUIDE: &str = "docs/src/authors/add-a-lab.md";

/// A lab of the workspace.
#[derive(Debug, Clone)]
pub struct Lab {
    /// Its name, `server-basics`.
    pub name: String,
    /// Its stages and checks.
    pub rubric: Rubric,
    /// The workspace's folder.
    root: PathBuf,
}

impl Lab {
    /// Reads the rubric of the lab called `name`.
    ///
    /// # Errors
    /// There is none, it is not consistent, or a stage of it has no file.
    pub fn open(workspace: &Workspace, name: &str) -> Result<Self> {
        let shown = format!("labs/{name}/lab.toml");
        let path = workspace.root.join(&shown);
        if !workspace.is_student_edition() && !path.is_file() {
            return Err(Fault::usage(
                format!("Cargo.toml names the lab `{name}`, and there is no {shown}"),
                format!(
                    "write it, see {GUIDE}; or take `{name}` out of [workspace.metadata.socket-labs]"
                ),
            ));
        }
        let lab = Self {
            name: name.to_owned(),
            rubric: Rubric::read(&path, &shown)?,
            root: workspace.root.clone(),
        };
        for stage in &lab.rubric.stages {
            let path = lab.pristine_folder().join(stage.file());
            if !path.is_file() {
                return Err(Fault::usage(
                    format!(
                        "{shown} has a stage `{}`, and there is no {}",
                        stage.name,
                        lab.shown(&path)
                    ),
                    format!("write {} or take the stage out of the rubric", stage.file()),
                ));
            }
        }
        Ok(lab)
    }

    /// The stage called `name`.
    pub fn stage(&self, name: &str) -> Option<&Stage> {
        self.rubric.stages.iter().find(|stage| stage.name == name)
    }

    /// `labs/<lab>`.
    pub fn folder(&self) -> PathBuf {
        self.root.join("labs").join(&self.name)
    }

    /// What the student works on, `labs/<lab>/src`.
    pub fn sources(&self) -> PathBuf {
        self.folder().join("src")
    }

    /// `solutions/<lab>`, which a student edition does not have.
    pub fn solution_folder(&self) -> PathBuf {
        self.root.join("solutions").join(&self.name)
    }

    /// The one source that the lab is cut from, `solutions/<lab>/src`.
    pub fn solution(&self) -> PathBuf {
        self.solution_folder().join("src")
    }

    /// Where the untouched given files and stubs come from: the solution, where there is one;
    /// in a student edition the copy that it brings along.
    pub fn pristine_folder(&self) -> PathBuf {
        let [solution, copy] = [self.solution(), self.pristine_copy()];
        if solution.is_dir() {
            solution
        } else if copy.is_dir() {
            copy
        } else {
            self.sources()
        }
    }

    /// Where a student edition has a copy of the lab's untouched `src`.
    pub fn pristine_copy(&self) -> PathBuf {
        self.root.join(PRISTINE).join(&self.name)
    }

    /// The lab's notes.
    pub fn notes(&self) -> PathBuf {
        self.root.join(self.notes_shown())
    }

    /// The lab's notes as people are told to find them.
    pub fn notes_shown(&self) -> String {
        format!("docs/src/labs/{}.md", self.name)
    }

    /// The workspace's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// `path` from the workspace on.
    pub fn shown(&self, path: &Path) -> String {
        let inside = path.strip_prefix(&self.root).unwrap_or(path);
        inside.display().to_string()
    }
}
