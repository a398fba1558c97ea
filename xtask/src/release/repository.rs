//! The git repository of a released edition.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fault::{Fault, Result};
use crate::work::make_all;

/// Who commits: the course, whoever runs the command.
const NAME: &str = "user.name=Socket Labs";
const EMAIL: &str = "user.email=socket-labs@localhost";

/// A folder that is a git repository, or becomes one.
#[derive(Debug)]
pub(super) struct Repository {
    folder: PathBuf,
}

impl Repository {
    /// The one in `folder`, which is made if it is not there.
    pub(super) fn at(folder: &Path) -> Result<Self> {
        make_all(folder)?;
        let repository = Self {
            folder: folder.to_path_buf(),
        };
        if !folder.join(".git").exists() {
            // A template of the user's may bring hooks.
            repository.git(&["init", "--quiet", "--template=", "--initial-branch=main"])?;
        }
        Ok(repository)
    }

    /// Whether nothing in it waits to be committed.
    pub(super) fn is_clean(&self) -> Result<bool> {
        Ok(self.git(&["status", "--porcelain"])?.is_empty())
    }

    /// Commits all there is; says whether there was anything.
    pub(super) fn commit(&self, message: &str) -> Result<bool> {
        // What a user's own list of ignored files names is handed out all the same.
        self.git(&[
            "-c",
            "core.excludesFile=",
            "-c",
            "core.autocrlf=false",
            "add",
            "--all",
        ])?;
        if self.is_clean()? {
            return Ok(false);
        }
        self.git(&[
            "-c",
            NAME,
            "-c",
            EMAIL,
            "-c",
            "commit.gpgsign=false",
            "-c",
            "core.hooksPath=/dev/null",
            "commit",
            "--quiet",
            "-m",
            message,
        ])?;
        Ok(true)
    }

    fn git(&self, arguments: &[&str]) -> Result<String> {
        let mut git = Command::new("git");
        git.arg("-C").arg(&self.folder).args(arguments);
        // Set when this runs in a hook of another repository.
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            git.env_remove(name);
        }
        let answer = git.output().map_err(|error| {
            Fault::grader(
                format!("cannot start git: {error}"),
                "install git: what is handed out is a git repository",
            )
        })?;
        if answer.status.success() {
            return Ok(String::from_utf8_lossy(&answer.stdout).trim().to_owned());
        }
        let shown = self.folder.display();
        Err(Fault::grader(
            format!(
                "git {} failed in {shown}: {}",
                arguments.join(" "),
                String::from_utf8_lossy(&answer.stderr).trim()
            ),
            format!("look at that repository: git -C {shown} status"),
        ))
    }
}
