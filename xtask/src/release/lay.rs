//! Laying a newer edition over what lies there already: nothing of a student's is lost.
//!
//! By the older edition's manifest each file is either untouched or changed. What is untouched
//! becomes new. Of what is changed, a stage's file stays, and if its stub is another now, the new
//! stub is laid beside it; any other file belongs to the course, so the new one takes its place
//! and the changed one is laid beside. Everything is decided before the first write.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::contents::Contents;
use crate::edition::{Edition, digest_of};
use crate::fault::{Fault, Result};
use crate::output::page::Page;
use crate::work::{make_all, write};

/// What is to be done.
#[derive(Debug, Default)]
pub(super) struct Plan {
    writes: BTreeMap<String, Vec<u8>>,
    deletes: Vec<String>,
    /// Changed files that stay as they are, with nothing to decide.
    kept: Vec<String>,
    conflicts: Vec<Conflict>,
}

/// A changed file whose original is another now.
#[derive(Debug)]
struct Conflict {
    /// The file.
    path: String,
    /// What is laid beside it.
    beside: String,
    /// What is to be known of it.
    told: &'static str,
}

impl Plan {
    /// What has to be done in `folder`, where `older` lies if something does.
    pub(super) fn of(folder: &Path, contents: &Contents, older: Option<&Edition>) -> Result<Self> {
        let mut plan = Self::default();
        for (path, new) in &contents.files {
            let Some(there) = read(&folder.join(path))? else {
                plan.writes.insert(path.clone(), new.clone());
                continue;
            };
            let untouched = older.is_some_and(|older| older.handed_out(path, &there));
            let same_original = older.is_some_and(|older| older.handed_out(path, new));
            if there == *new {
            } else if untouched {
                plan.writes.insert(path.clone(), new.clone());
            } else if same_original {
                plan.kept.push(path.clone());
            } else if contents.stages.contains(path) {
                let beside = plan.lay_beside(folder, path, "new", new)?;
                plan.conflict(path, beside, "your work stays; the new stub is in");
            } else {
                let beside = plan.lay_beside(folder, path, "yours", &there)?;
                plan.writes.insert(path.clone(), new.clone());
                plan.conflict(path, beside, "the course's new file is there; yours is in");
            }
        }
        let gone = older.into_iter().flat_map(|older| {
            let files = older.files.iter();
            files.filter(|(path, _)| !contents.files.contains_key(*path))
        });
        for (path, digest) in gone {
            match read(&folder.join(path))? {
                Some(there) if digest_of(&there) == *digest => plan.deletes.push(path.clone()),
                Some(_) => plan.kept.push(path.clone()),
                None => {}
            }
        }
        Ok(plan)
    }

    fn conflict(&mut self, path: &str, beside: String, told: &'static str) {
        self.conflicts.push(Conflict {
            path: path.to_owned(),
            beside,
            told,
        });
    }

    /// Plans to write `text` as `<path>.<ending>`, under the first such name that is free or holds
    /// that text already.
    fn lay_beside(
        &mut self,
        folder: &Path,
        path: &str,
        ending: &str,
        text: &[u8],
    ) -> Result<String> {
        let mut beside = format!("{path}.{ending}");
        let mut number = 2;
        loop {
            match read(&folder.join(&beside))? {
                Some(there) if there != text => beside = format!("{path}.{ending}{number}"),
                _ => break,
            }
            number += 1;
        }
        self.writes.insert(beside.clone(), text.to_vec());
        Ok(beside)
    }

    /// Does it. What is laid beside a file is written before the file is.
    pub(super) fn carry_out(&self, folder: &Path) -> Result<()> {
        let beside = |path: &String| self.conflicts.iter().any(|known| known.beside == *path);
        let (first, then): (Vec<_>, Vec<_>) =
            self.writes.iter().partition(|(path, _)| beside(path));
        for (path, text) in first.into_iter().chain(then) {
            let path = folder.join(path);
            if let Some(above) = path.parent() {
                make_all(above)?;
            }
            write(&path, text)?;
        }
        for path in &self.deletes {
            let path = folder.join(path);
            fs::remove_file(&path).map_err(|error| Fault::io("delete", &path, &error))?;
        }
        Ok(())
    }

    /// Whether there is something to decide.
    pub(super) fn has_conflicts(&self) -> bool {
        !self.conflicts.is_empty()
    }

    /// What became of changed files.
    pub(super) fn told(&self) -> Page {
        let mut page = Page::default();
        page.rows(self.kept.iter().map(|path| format!("kept      {path}")));
        for conflict in &self.conflicts {
            page.row(format!("conflict  {}", conflict.path));
            page.row(format!("          {} {}", conflict.told, conflict.beside));
        }
        page
    }
}

/// The file at `path`; nothing, if there is none.
fn read(path: &PathBuf) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Fault::io("read", path, &error)),
    }
}
