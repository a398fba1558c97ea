//! The workspace: where it is and which labs it has, in which order.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::fault::{Fault, Result};

/// What `edition` says where students work.
pub const STUDENT: &str = "student";

/// A Socket Labs workspace.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// Its folder.
    pub root: PathBuf,
    /// `[workspace.package] version`.
    pub version: String,
    /// `student` or `instructor`.
    pub edition: String,
    /// The labs in the order of the course.
    pub labs: Vec<String>,
}

/// What of the root manifest concerns the course.
#[derive(Debug, Deserialize)]
struct Manifest {
    workspace: Option<WorkspaceTable>,
}

#[derive(Debug, Deserialize)]
struct WorkspaceTable {
    metadata: Option<Metadata>,
    package: Option<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    version: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    #[serde(rename = "socket-labs")]
    course: Option<Course>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Course {
    labs: Vec<String>,
    edition: Option<String>,
}

impl Workspace {
    /// The workspace that `folder` lies in: the nearest one upwards.
    ///
    /// # Errors
    /// None of the folders upwards is a Socket Labs workspace, or its manifest cannot be read.
    pub fn around(folder: &Path) -> Result<Self> {
        for root in folder.ancestors() {
            let path = root.join("Cargo.toml");
            if !path.is_file() {
                continue;
            }
            let text =
                fs::read_to_string(&path).map_err(|error| Fault::io("read", &path, &error))?;
            // Any other package on the way up is none of our business, well written or not.
            if !text.contains("socket-labs") {
                continue;
            }
            let manifest: Manifest = toml::from_str(&text).map_err(|error| {
                Fault::usage(
                    format!("{}: {error}", path.display()),
                    "mend the manifest; `cargo metadata` says the same",
                )
            })?;
            if let Some(workspace) = Self::described_by(manifest, root) {
                return Ok(workspace);
            }
        }
        Err(Fault::usage(
            format!(
                "{} is in no Socket Labs workspace: no Cargo.toml here or above has [workspace.metadata.socket-labs]",
                folder.display()
            ),
            "go to the folder that you cloned, for example: cd socket-labs",
        ))
    }

    /// Whether this is what students are handed out.
    pub fn is_student_edition(&self) -> bool {
        self.edition == STUDENT
    }

    fn described_by(manifest: Manifest, root: &Path) -> Option<Self> {
        let table = manifest.workspace?;
        let course = table.metadata?.course?;
        Some(Self {
            root: root.to_path_buf(),
            version: table
                .package
                .and_then(|package| package.version)
                .unwrap_or_default(),
            edition: course.edition.unwrap_or_else(|| "instructor".to_owned()),
            labs: course.labs,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "[workspace]\nmembers = []\n[workspace.package]\nversion = \"1.2.3\"\n\
        [workspace.metadata.socket-labs]\nlabs = [\"b\", \"a\"]\n";

    #[test]
    fn it_is_found_from_a_folder_below_and_keeps_the_order_of_its_labs() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("labs/a/src");
        fs::create_dir_all(&below).unwrap();
        fs::write(folder.path().join("Cargo.toml"), MANIFEST).unwrap();
        fs::write(folder.path().join("labs/a/Cargo.toml"), "[package]\n").unwrap();

        let workspace = Workspace::around(&below).unwrap();

        assert_eq!(workspace.root, folder.path());
        assert_eq!(workspace.labs, ["b", "a"]);
        assert_eq!(workspace.version, "1.2.3");
        assert_eq!(workspace.edition, "instructor");
    }

    #[test]
    fn another_workspace_is_not_taken_for_one() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join("Cargo.toml"),
            "[workspace]\nmembers = []\n",
        )
        .unwrap();
        let fault = Workspace::around(folder.path()).unwrap_err();
        assert!(fault.what().contains("no Socket Labs workspace"), "{fault}");
    }
}
