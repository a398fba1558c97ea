//! What was found in a submission so far.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};

use testbench::record::Ignored;

use super::place::{Meaning, Place, Unused, Wanted, is_by_tools};
use super::roster::{Holder, Piece, stem};
use super::{Taken, bounds, manifest, shown};

/// Why a submission as a whole does not count.
pub(super) type Refused = String;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// Something that nobody hands in by accident, and why it does not count.
    Odd(&'static str),
}

/// Collects what counts, and lists what does not.
#[derive(Debug)]
pub(super) struct Collector<'a> {
    wanted: &'a Wanted,
    /// What the paths that come are below of: names of folders and archives, without extension.
    outer: Vec<Vec<u8>>,
    /// What is shown before each path.
    prefix: Vec<u8>,
    entries: usize,
    bytes: u64,
    found: BTreeMap<Place, Found>,
    ignored: BTreeSet<(Option<String>, Ignored)>,
    odd: usize,
    edition: Option<String>,
    made_at: Option<String>,
}

/// The candidates for a stage's file.
#[derive(Debug, Default)]
struct Found {
    text: Vec<u8>,
    paths: Vec<String>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(wanted: &'a Wanted) -> Self {
        Self {
            wanted,
            outer: Vec::new(),
            prefix: Vec::new(),
            entries: 0,
            bytes: 0,
            found: BTreeMap::new(),
            ignored: BTreeSet::new(),
            odd: 0,
            edition: None,
            made_at: None,
        }
    }

    /// The paths that come are those of `piece`, whose name is to be told if there are others.
    pub(super) fn enter(&mut self, piece: &Piece, tell: bool) {
        let holds = piece.holder != Holder::File;
        self.outer = Vec::from_iter(holds.then(|| piece.inside.clone()));
        self.prefix = match piece.path.file_name() {
            Some(name) if holds && tell => slashed(name.as_encoded_bytes()),
            _ => Vec::new(),
        };
    }

    /// Looks into an archive `name` that lies in the submission itself.
    pub(super) fn inside<T>(&mut self, name: &[u8], look: impl FnOnce(&mut Self) -> T) -> T {
        let before = (self.outer.clone(), self.prefix.clone());
        self.outer.push(stem(name).to_vec());
        self.prefix.extend(slashed(name));
        let looked = look(self);
        (self.outer, self.prefix) = before;
        looked
    }

    /// Takes note of an entry. If it is a stage's file, its text is to be [`put`](Self::put).
    ///
    /// # Errors
    /// There are too many entries.
    pub(super) fn see(&mut self, path: &[u8], kind: Kind) -> Result<Option<Place>, Refused> {
        self.entries += 1;
        if self.entries > bounds::ENTRIES {
            return Err(too_many());
        }
        let components = match components(path) {
            Ok(components) => components,
            Err(why) => {
                self.ignore_odd(None, path, why);
                return Ok(None);
            }
        };
        let outer = self.outer.clone();
        let whole: Vec<&[u8]> = outer.iter().map(Vec::as_slice).chain(components).collect();
        if kind == Kind::Folder {
            return Ok(None);
        }
        if kind == Kind::File && manifest::is_manifest(&whole) {
            return Ok(Some(Place::manifest()));
        }
        let meaning = self.wanted.meaning(&whole);
        match (meaning, kind) {
            (Meaning::Stage(place), Kind::File) => return Ok(Some(place)),
            (Meaning::Stage(place), Kind::Odd(why)) => self.ignore_odd(Some(place.lab), path, why),
            (Meaning::Ignored(unused), Kind::Odd(why)) => self.ignore_odd(unused.lab, path, why),
            (Meaning::Ignored(unused), _) => self.ignore(unused, &whole),
            (Meaning::Stage(_), Kind::Folder) => {}
        }
        Ok(None)
    }

    /// Whether the folder `path` may hold something that counts.
    pub(super) fn goes_into(&mut self, path: &[u8]) -> bool {
        let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or(path);
        let by_tools = is_by_tools(name);
        if by_tools {
            self.leave(&slashed(path), "made by a tool; not looked into");
        }
        !by_tools
    }

    /// Takes the text of a stage's file, or the reason why it cannot be read.
    ///
    /// # Errors
    /// All files together are too large.
    pub(super) fn put(
        &mut self,
        place: Place,
        path: &[u8],
        text: Result<Vec<u8>, String>,
    ) -> Result<(), Refused> {
        let text = match text {
            Ok(text) => text,
            Err(why) => {
                let lab = (!place.is_manifest()).then_some(place.lab);
                self.list(lab, self.told(path), why);
                return Ok(());
            }
        };
        if place.is_manifest() {
            // The first one; others, and what is none, say nothing.
            self.edition = self.edition.take().or_else(|| manifest::edition(&text));
            self.made_at = self.made_at.take().or_else(|| manifest::made_at(&text));
            return Ok(());
        }
        self.bytes += text.len() as u64;
        if self.bytes > bounds::FILES {
            return Err("its stage files together are larger than 4 MiB".to_owned());
        }
        let path = self.told(path);
        let found = self.found.entry(place).or_default();
        found.text = text;
        found.paths.push(path);
        Ok(())
    }

    /// Whether a text for `place` is there already: another need not be read.
    pub(super) fn has(&self, place: &Place) -> bool {
        self.found.contains_key(place)
    }

    /// Lists an entry as not used, for a reason that lies not in its path.
    pub(super) fn leave(&mut self, path: &[u8], why: &str) {
        let lab = self.wanted.only.clone();
        self.list(lab, self.told(path), why.to_owned());
    }

    /// Nothing of it counts.
    pub(super) fn refused(self, refused: Refused) -> Taken {
        Taken {
            refused: Some(refused),
            odd: self.odd,
            edition: self.edition,
            made_at: self.made_at,
            elsewhere: limited(self.ignored.into_iter().map(|(_, ignored)| ignored)),
            ..Taken::default()
        }
    }

    /// What counts, if something does and nothing is there twice.
    pub(super) fn taken(mut self) -> Taken {
        let twice = self
            .found
            .iter_mut()
            .find(|(_, found)| found.paths.len() > 1);
        if let Some((place, found)) = twice {
            found.paths.sort();
            let told = format!(
                "it has {} files for {} of {}, and one has to go: {} and {}",
                found.paths.len(),
                place.file,
                place.lab,
                found.paths[0],
                found.paths[1]
            );
            return self.refused(told);
        }
        if self.found.is_empty() {
            let told = self.nothing_found();
            return self.refused(told);
        }
        let mut taken = Taken {
            odd: self.odd,
            edition: self.edition,
            made_at: self.made_at,
            ..Taken::default()
        };
        for (place, found) in self.found {
            let files = taken.labs.entry(place.lab).or_default();
            files.insert(place.file, found.text);
        }
        let mut ignored: BTreeMap<Option<String>, Vec<Ignored>> = BTreeMap::new();
        for (lab, entry) in self.ignored {
            // A lab that is not graded now has no place of its own in the record.
            let lab = lab.filter(|lab| self.wanted.stages.contains_key(lab));
            ignored.entry(lab).or_default().push(entry);
        }
        for (lab, entries) in ignored {
            let entries = limited(entries);
            match lab {
                Some(lab) => _ = taken.ignored.insert(lab, entries),
                None => taken.elsewhere = entries,
            }
        }
        taken
    }

    fn nothing_found(&self) -> String {
        let mut looked_for: Vec<String> = Vec::new();
        for (lab, files) in &self.wanted.stages {
            looked_for.push(format!("{lab} ({})", files.join(", ")));
        }
        let ignored = match self.ignored.len() {
            0 => "it is empty".to_owned(),
            1 => "one entry was ignored".to_owned(),
            count => format!("{count} entries were ignored"),
        };
        format!(
            "it has no stage file of {}; {ignored}",
            looked_for.join(", ")
        )
    }

    fn ignore(&mut self, unused: Unused, whole: &[&[u8]]) {
        let inner = unused.components.saturating_sub(self.outer.len());
        let inside = &whole[self.outer.len()..][..inner];
        let mut path = inside.join(&b'/');
        if unused.components < whole.len() {
            path.push(b'/');
        }
        self.list(unused.lab, self.told(&path), unused.why);
    }

    fn ignore_odd(&mut self, lab: Option<String>, path: &[u8], why: &str) {
        self.odd += 1;
        self.list(lab, self.told(path), why.to_owned());
    }

    fn list(&mut self, lab: Option<String>, path: String, why: String) {
        self.ignored.insert((lab, Ignored { path, why }));
    }

    fn told(&self, path: &[u8]) -> String {
        shown(&[&self.prefix, path].concat())
    }
}

/// A submission with more entries than anybody needs.
pub(super) fn too_many() -> Refused {
    format!(
        "it has more than {} entries; hand in the stage files only",
        bounds::ENTRIES
    )
}

/// The components of a path; `.` and empty ones say nothing.
fn components(path: &[u8]) -> Result<Vec<&[u8]>, &'static str> {
    if path.len() > bounds::PATH {
        return Err("its path is longer than 1024 bytes");
    }
    let drive = path.get(1) == Some(&b':');
    if path.first().is_some_and(|first| b"/\\".contains(first)) || drive {
        return Err("its path is absolute");
    }
    // Some archivers of Windows write backslashes.
    let separator = if path.contains(&b'/') { b'/' } else { b'\\' };
    let parts = path.split(|byte| *byte == separator);
    let components: Vec<&[u8]> = parts
        .filter(|part| !part.is_empty() && *part != b".")
        .collect();
    if components.iter().any(|part| *part == b"..") {
        return Err("its path leads out of the submission");
    }
    if path.contains(&0) {
        return Err("its path has a NUL in it");
    }
    Ok(components)
}

/// The text that `reader` gives, if it is no larger than a stage's file may be.
pub(super) fn read_bounded(reader: impl Read) -> Result<Vec<u8>, String> {
    let mut text = Vec::new();
    let told = |error: io::Error| format!("it cannot be read: {error}");
    reader
        .take(bounds::FILE + 1)
        .read_to_end(&mut text)
        .map_err(told)?;
    if text.len() as u64 > bounds::FILE {
        return Err("it is larger than 256 KiB".to_owned());
    }
    Ok(text)
}

/// As many entries as are listed, and how many more there were.
fn limited(entries: impl IntoIterator<Item = Ignored>) -> Vec<Ignored> {
    let mut entries: Vec<Ignored> = entries.into_iter().collect();
    let more = entries.len().saturating_sub(bounds::LISTED);
    if more > 0 {
        entries.truncate(bounds::LISTED);
        entries.push(Ignored {
            path: "…".to_owned(),
            why: format!("and {more} more"),
        });
    }
    entries
}

fn slashed(name: &[u8]) -> Vec<u8> {
    [name, b"/"].concat()
}
