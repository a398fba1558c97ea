//! What a result depends on: with the same inputs, a lab is not graded again.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::course::lab::Lab;
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::grade::record::{Frame, add_lab};
use crate::isolation;
use crate::sources::pristine::Pristine;
use crate::sources::set::{SourceSet, add, hexadecimal};

/// All that is the same for every submission of a lab.
#[derive(Debug, Clone)]
pub struct Inputs(Sha256);

impl Inputs {
    /// The course's text of `lab`, the grader and what its checks are made of, the compiler, the
    /// isolation, the seed.
    ///
    /// # Errors
    /// One of those files cannot be read.
    pub fn of(
        workspace: &Workspace,
        lab: &Lab,
        pristine: &Pristine,
        frame: &Frame,
    ) -> Result<Self> {
        let mut digest = Sha256::new();
        add_lab(&mut digest, lab, pristine)?;
        for part in [
            &frame.grader.version,
            &frame.grader.rustc,
            &isolation::line(&frame.isolation),
            &frame.seed,
        ] {
            add(&mut digest, "frame", part.as_bytes());
        }
        add_tree(&mut digest, &workspace.root.join("common"))?;
        add_file(&mut digest, &workspace.root.join("Cargo.lock"))?;
        Ok(Self(digest))
    }

    /// The same with the sources of a submission.
    pub fn with(&self, lab: &Lab, set: &SourceSet) -> String {
        let mut digest = self.0.clone();
        add(&mut digest, "sources", set.described(lab).digest.as_bytes());
        for stage in &set.missing {
            add(&mut digest, "missing", stage.as_bytes());
        }
        hexadecimal(digest)
    }
}

/// Adds the Rust sources below `folder`, in the order of their names.
fn add_tree(digest: &mut Sha256, folder: &Path) -> Result<()> {
    let failed = |error: &std::io::Error| Fault::io("read", folder, error);
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| failed(&error))? {
        paths.push(entry.map_err(|error| failed(&error))?.path());
    }
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add_tree(digest, &path)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            add_file(digest, &path)?;
        }
    }
    Ok(())
}

fn add_file(digest: &mut Sha256, path: &Path) -> Result<()> {
    let text = fs::read(path).map_err(|error| Fault::io("read", path, &error))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    add(digest, &name, &text);
    Ok(())
}
