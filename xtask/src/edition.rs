//! What a student edition says of itself: `.edition/manifest.toml`.
//!
//! It names every file as it was handed out, so that a newer edition, and `submit`, can tell
//! what is changed from what is not.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::fault::{Fault, Result};
use crate::sources::set::{add, hexadecimal};

/// Where it stands, from the workspace on.
pub const MANIFEST: &str = ".edition/manifest.toml";

/// How many hexadecimal digits of its digest name an edition to people.
const DIGITS: usize = 12;

const HEAD: &str = "\
# Which edition this is, and the SHA-256 of each file as it was handed out: by it the runner
# tells what you have changed. Leave it as it is.

";

/// A student edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// `student`.
    pub edition: String,
    /// The course's version.
    pub version: String,
    /// SHA-256 over all files.
    pub digest: String,
    /// SHA-256 of each file, by its path with `/`.
    pub files: BTreeMap<String, String>,
}

impl Edition {
    /// The edition that `files` make.
    pub fn of(edition: &str, version: &str, files: &BTreeMap<String, Vec<u8>>) -> Self {
        let mut digest = Sha256::new();
        for (path, text) in files {
            add(&mut digest, path, text);
        }
        let files = files.iter();
        Self {
            edition: edition.to_owned(),
            version: version.to_owned(),
            digest: hexadecimal(digest),
            files: files
                .map(|(path, text)| (path.clone(), digest_of(text)))
                .collect(),
        }
    }

    /// What the workspace at `root` says; nothing, if it is no student edition.
    ///
    /// # Errors
    /// The manifest cannot be read.
    pub fn read(root: &Path) -> Result<Option<Self>> {
        let path = root.join(MANIFEST);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Fault::io("read", &path, &error)),
        };
        toml::from_str(&text).map(Some).map_err(|error| {
            Fault::usage(
                format!("{}: {}", path.display(), error.message().trim_end()),
                format!("put it back as it was handed out: git checkout -- {MANIFEST}"),
            )
        })
    }

    /// As it stands in its file.
    ///
    /// # Errors
    /// A path cannot be written as TOML; every path that is text can.
    pub fn text(&self) -> Result<String> {
        let text = toml::to_string(self).map_err(|error| {
            Fault::grader(
                format!("the manifest cannot be written: {error}"),
                "give the files of the course names that are text",
            )
        })?;
        Ok(format!("{HEAD}{text}"))
    }

    /// For people and records: `student 0.1.0 (1f3a5b7c9d1e)`.
    pub fn name(&self) -> String {
        let digits = self.digest.get(..DIGITS).unwrap_or(&self.digest);
        format!("{} {} ({digits})", self.edition, self.version)
    }

    /// Whether `text` is what was handed out as `path`.
    pub fn handed_out(&self, path: &str, text: &[u8]) -> bool {
        self.files
            .get(path)
            .is_some_and(|known| *known == digest_of(text))
    }
}

/// SHA-256 of `text` in hexadecimal digits.
pub fn digest_of(text: &[u8]) -> String {
    let mut digest = Sha256::new();
    digest.update(text);
    hexadecimal(digest)
}
