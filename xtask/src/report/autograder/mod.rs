//! An autograder for Gradescope: a zip with this workspace, `setup.sh` and `run_autograder`.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::course::lab::Lab;
use crate::course::selection::Asked;
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};

const SETUP: &str = include_str!("setup.sh");
const RUN: &str = include_str!("run_autograder");

/// What of the workspace goes along: what grading needs, and not what else may lie there.
const PARTS: [&str; 9] = [
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    ".cargo",
    "common",
    "labs",
    "solutions",
    "xtask",
    "docs/src/labs",
];

/// Folders of results, wherever they are.
const LEFT_OUT: [&str; 2] = ["target", ".git"];

/// Writes the autograder for `labs` (all of them without) to `path`, with `course.toml` if there is one.
///
/// # Errors
/// A lab does not exist, something cannot be read, or the disk is full.
pub fn autograder(
    workspace: &Workspace,
    labs: &[String],
    course: Option<&Path>,
    path: &Path,
) -> Result<()> {
    let mut names = Vec::new();
    for asked in labs {
        names.push(Asked::parse(asked).lab(workspace)?.name);
    }
    if names.is_empty() {
        for name in &workspace.labs {
            names.push(Lab::open(workspace, name)?.name);
        }
    }
    let file = File::create(path).map_err(|error| Fault::io("write", path, &error))?;
    let mut archive = Archive {
        writer: ZipWriter::new(file),
        path,
    };
    archive.add("setup.sh", SETUP.as_bytes(), true)?;
    archive.add("run_autograder", RUN.as_bytes(), true)?;
    archive.add("labs.txt", (names.join("\n") + "\n").as_bytes(), false)?;
    if let Some(course) = course {
        let text = fs::read(course).map_err(|error| Fault::io("read", course, &error))?;
        archive.add("course.toml", &text, false)?;
    }
    for part in PARTS {
        archive.add_all(&workspace.root.join(part), &format!("course/{part}"))?;
    }
    let done = archive.writer.finish();
    done.map_err(|error| failed(path, &error.into()))?;
    Ok(())
}

struct Archive<'a> {
    writer: ZipWriter<File>,
    path: &'a Path,
}

impl Archive<'_> {
    fn add(&mut self, name: &str, text: &[u8], runs: bool) -> Result<()> {
        // The default time is the same in every run, so that the zip is, too.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .unix_permissions(if runs { 0o755 } else { 0o644 });
        let begun = self.writer.start_file(name, options);
        begun.map_err(|error| failed(self.path, &error.into()))?;
        self.writer
            .write_all(text)
            .map_err(|error| failed(self.path, &error))
    }

    /// Adds a file, or all that is below a folder, in the order of the names.
    fn add_all(&mut self, from: &Path, name: &str) -> Result<()> {
        if from.is_dir() {
            let entries = fs::read_dir(from).map_err(|error| Fault::io("read", from, &error))?;
            let mut paths: Vec<PathBuf> = Vec::new();
            for entry in entries {
                paths.push(
                    entry
                        .map_err(|error| Fault::io("read", from, &error))?
                        .path(),
                );
            }
            paths.sort();
            for path in paths {
                let Some(last) = path.file_name().and_then(|name| name.to_str()) else {
                    continue;
                };
                if !LEFT_OUT.contains(&last) {
                    self.add_all(&path, &format!("{name}/{last}"))?;
                }
            }
        } else if from.is_file() {
            let text = fs::read(from).map_err(|error| Fault::io("read", from, &error))?;
            self.add(name, &text, runs(from))?;
        }
        Ok(())
    }
}

/// Whether a file may be run.
fn runs(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o100 != 0)
}

fn failed(path: &Path, error: &io::Error) -> Fault {
    Fault::io("write", path, error)
}
