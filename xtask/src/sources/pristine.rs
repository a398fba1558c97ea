//! A lab as it is handed out: given files and stubs, untouched.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use super::cut::cut;
use crate::course::lab::Lab;
use crate::fault::{Fault, Result};

/// The files of a lab's `src` by name, as bytes.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A lab's given files and stubs, not formatted.
#[derive(Debug, Clone)]
pub struct Pristine {
    files: Files,
}

impl Pristine {
    /// Cuts them from the solution. An edition without solutions brings them along, cut.
    ///
    /// # Errors
    /// A file cannot be read, or a region is wrong.
    pub fn of(lab: &Lab) -> Result<Self> {
        let folder = lab.pristine_folder();
        let mut files = Files::new();
        for (name, text) in read_files(&folder)? {
            let shown = lab.shown(&folder.join(&name));
            let text = String::from_utf8(text).map_err(|_| {
                Fault::usage(
                    format!("{shown} is not UTF-8"),
                    "save it as UTF-8: rustc reads nothing else",
                )
            })?;
            files.insert(name, cut(&text, &shown)?.into_bytes());
        }
        Ok(Self { files })
    }

    /// Every file, stubs among them.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The stub called `file`.
    pub fn stub(&self, file: &str) -> Option<&[u8]> {
        self.files.get(file).map(Vec::as_slice)
    }
}

/// The files in `folder`, by name. Folders in it are not looked into: a lab's `src` is flat.
///
/// # Errors
/// The folder or a file in it cannot be read.
pub fn read_files(folder: &Path) -> Result<Files> {
    let failed = |error: &io::Error| Fault::io("read", folder, error);
    let mut files = Files::new();
    for entry in fs::read_dir(folder).map_err(|error| failed(&error))? {
        let entry = entry.map_err(|error| failed(&error))?;
        let path = entry.path();
        if !path.is_file() {
            continue;
        }
        let text = fs::read(&path).map_err(|error| Fault::io("read", &path, &error))?;
        files.insert(entry.file_name().to_string_lossy().into_owned(), text);
    }
    Ok(files)
}
