//! Who has handed in what: the entries of a cohort's folder, by student.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::name::{Named, named};
use super::shown;
use crate::fault::{Fault, Result};

/// What an archive's name ends in; the longest first.
const ARCHIVES: [&str; 4] = [".tar.gz", ".tgz", ".tar", ".zip"];

/// What the names of other archives end in: students mean them as submissions, and are told.
const OTHER_ARCHIVES: [&str; 7] = [".rar", ".7z", ".gz", ".bz2", ".xz", ".zst", ".tbz2"];

/// What one student handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Whose it is, made safe for file names.
    pub id: String,
    /// The entries of the cohort's folder that it consists of.
    pub pieces: Vec<Piece>,
    /// Why it does not count, if that can be told from outside.
    pub refused: Option<String>,
    /// Whether nobody makes such an entry by accident.
    pub odd: bool,
}

/// One entry of the cohort's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Where it is.
    pub path: PathBuf,
    /// What it is.
    pub holder: Holder,
    /// What the student called it: as a folder's name, or, of a single file, as the file's.
    pub inside: Vec<u8>,
}

/// What holds a piece's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A folder.
    Folder,
    /// An archive.
    Archive,
    /// A single source file.
    File,
}

/// Everybody who has handed in.
#[derive(Debug, Default)]
pub struct Roster {
    /// By id.
    pub submissions: Vec<Submission>,
    /// Entries of the folder that are no submission, escaped.
    pub others: Vec<String>,
}

/// An entry that belongs to somebody.
struct Entry {
    id: String,
    by_platform: bool,
    piece: Piece,
    refused: Option<String>,
    odd: bool,
}

impl Roster {
    /// Reads the names in `folder`, and nothing of what is below it.
    ///
    /// # Errors
    /// It cannot be listed.
    pub fn of(folder: &Path) -> Result<Self> {
        if !folder.is_dir() {
            let there = if folder.exists() {
                "no folder"
            } else {
                "not there"
            };
            return Err(Fault::usage(
                format!("{} is {there}", folder.display()),
                "name the folder that holds a folder, zip or tar.gz for each student",
            ));
        }
        let failed = |error: &std::io::Error| Fault::io("list", folder, error);
        let mut roster = Self::default();
        let mut by_id: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for entry in fs::read_dir(folder).map_err(|error| failed(&error))? {
            let path = entry.map_err(|error| failed(&error))?.path();
            match read(&path) {
                Some(entry) => by_id
                    .entry(entry.id.to_lowercase())
                    .or_default()
                    .push(entry),
                None => roster.others.push(shown(name_of(&path))),
            }
        }
        roster.others.sort();
        roster.submissions = by_id.into_values().map(together).collect();
        roster
            .submissions
            .sort_by(|one, other| one.id.cmp(&other.id));
        Ok(roster)
    }
}

/// What an entry is, if it is somebody's.
fn read(path: &Path) -> Option<Entry> {
    let name = name_of(path);
    if name.starts_with(b".") || name == b"__MACOSX" {
        return None;
    }
    let found = fs::symlink_metadata(path);
    let is = |what: fn(&fs::Metadata) -> bool| found.as_ref().is_ok_and(what);
    let odd = !is(fs::Metadata::is_dir) && !is(fs::Metadata::is_file);
    let (holder, stem, refused) = if is(fs::Metadata::is_dir) {
        (Holder::Folder, name, None)
    } else if is_archive(name) {
        (Holder::Archive, stem(name), None)
    } else if let Some(ending) = ends_in(name, &OTHER_ARCHIVES) {
        let told = "it is an archive of another kind; hand in a zip or tar.gz".to_owned();
        (Holder::Archive, &name[..name.len() - ending], Some(told))
    } else if let Some(stem) = name.strip_suffix(b".rs") {
        (Holder::File, stem, None)
    } else if odd {
        (Holder::Folder, name, None)
    } else {
        return None;
    };
    let refused = refused.or_else(|| odd.then(|| "it is a link or a device".to_owned()));
    let (named, refused) = match named(stem) {
        Ok(named) => (named, refused),
        Err(why) => (nameless(name), Some(why)),
    };
    // A source file says whose it is only by a platform's name.
    if holder == Holder::File && !named.by_platform {
        return None;
    }
    let mut inside = named
        .piece
        .map_or_else(|| stem.to_vec(), String::into_bytes);
    if holder == Holder::File {
        inside.extend_from_slice(b".rs");
    }
    Some(Entry {
        id: named.id,
        by_platform: named.by_platform,
        piece: Piece {
            path: path.to_path_buf(),
            holder,
            inside,
        },
        refused,
        odd,
    })
}

/// An id for an entry whose name has none: its bytes.
fn nameless(name: &[u8]) -> Named {
    let bytes: String = name
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Named {
        id: format!("nameless-{bytes}"),
        by_platform: false,
        piece: None,
    }
}

/// One submission of all entries that bear the same id: pieces of one student's, if a platform
/// put the id there, else an accident that nobody can resolve but a person.
fn together(mut entries: Vec<Entry>) -> Submission {
    entries.sort_by(|one, other| one.piece.path.cmp(&other.piece.path));
    let clash = entries.len() > 1
        && (entries.iter().any(|entry| !entry.by_platform)
            || entries.iter().any(|entry| entry.id != entries[0].id));
    let refused = if clash {
        let names: Vec<String> = entries
            .iter()
            .map(|entry| shown(name_of(&entry.piece.path)))
            .collect();
        Some(format!(
            "{} would have the same id; rename all but one",
            names.join(" and ")
        ))
    } else {
        entries.iter().find_map(|entry| entry.refused.clone())
    };
    Submission {
        id: entries
            .first()
            .map(|entry| entry.id.clone())
            .unwrap_or_default(),
        odd: entries.iter().any(|entry| entry.odd),
        pieces: entries.into_iter().map(|entry| entry.piece).collect(),
        refused,
    }
}

/// Whether a file of this name is to be an archive that can be read.
pub(super) fn is_archive(name: &[u8]) -> bool {
    ends_in(name, &ARCHIVES).is_some()
}

/// The name of an archive without what says that it is one.
pub(super) fn stem(name: &[u8]) -> &[u8] {
    let ending = ends_in(name, &ARCHIVES).unwrap_or(0);
    &name[..name.len() - ending]
}

/// The length of that one of `endings` in which `name` ends, and before which there is more.
fn ends_in(name: &[u8], endings: &[&str]) -> Option<usize> {
    let name = name.to_ascii_lowercase();
    let found = endings
        .iter()
        .find(|ending| name.len() > ending.len() && name.ends_with(ending.as_bytes()))?;
    Some(found.len())
}

fn name_of(path: &Path) -> &[u8] {
    path.file_name().unwrap_or_default().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roster(entries: &[&str]) -> Roster {
        let folder = tempfile::tempdir().expect("a folder");
        for entry in entries {
            let path = folder.path().join(entry);
            if entry.ends_with('/') {
                fs::create_dir(path).expect("a folder");
            } else {
                fs::write(path, "").expect("a file");
            }
        }
        Roster::of(folder.path()).expect("a roster")
    }

    fn ids(roster: &Roster) -> Vec<&str> {
        let submissions = roster.submissions.iter();
        submissions
            .map(|submission| submission.id.as_str())
            .collect()
    }

    #[test]
    fn folders_and_archives_are_submissions_and_other_files_are_not() {
        let roster = roster(&[
            "jane/",
            "bob.zip",
            "eve.tar.gz",
            "grades.csv",
            ".DS_Store",
            "x.rs",
        ]);
        assert_eq!(ids(&roster), ["bob", "eve", "jane"]);
        assert_eq!(roster.others, [".DS_Store", "grades.csv", "x.rs"]);
        assert!(roster.submissions.iter().all(|one| one.refused.is_none()));
    }

    #[test]
    fn what_a_platform_exports_in_pieces_is_one_submission() {
        let roster = roster(&["doejane_1_22_udp.zip", "doejane_1_23_tftp.rs"]);
        assert_eq!(ids(&roster), ["doejane_1"]);
        let pieces = &roster.submissions[0].pieces;
        assert_eq!(pieces[0].inside, b"udp");
        assert_eq!(
            (pieces[1].holder, pieces[1].inside.as_slice()),
            (Holder::File, &b"tftp.rs"[..])
        );
        assert_eq!(roster.submissions[0].refused, None);
    }

    #[test]
    fn two_entries_with_one_id_are_an_error_that_names_both() {
        for entries in [
            ["jane/", "jane.zip"],
            ["Jane.zip", "jane.tar.gz"],
            ["a b/", "a_b/"],
        ] {
            let roster = roster(&entries);
            assert_eq!(roster.submissions.len(), 1);
            let refused = roster.submissions[0].refused.clone().expect("a refusal");
            for entry in entries {
                assert!(refused.contains(entry.trim_end_matches('/')), "{refused}");
            }
        }
    }

    #[test]
    fn a_link_and_an_archive_of_another_kind_are_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        std::os::unix::fs::symlink("/", folder.path().join("root.zip")).expect("a link");
        fs::write(folder.path().join("eve.rar"), "Rar!").expect("a file");
        let roster = Roster::of(folder.path()).expect("a roster");
        assert_eq!(ids(&roster), ["eve", "root"]);
        assert!(roster.submissions.iter().all(|one| one.refused.is_some()));
        assert!(roster.submissions[1].odd);
    }
}
