//! A folder of records: found, told apart, and read one after another.
//!
//! No more than a few records are in memory at a time, however large the cohort.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use serde::Deserializer;
use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use testbench::record::{LabRecord, Record, SCHEMA};

use super::complaint::Complaint;
use crate::fault::{Fault, Result};

/// The largest file that is taken for a record, bytes.
const LARGEST: u64 = 256 * 1024 * 1024;

/// Where each submission's record is.
#[derive(Debug, Default)]
pub struct Records {
    /// By submission.
    pub paths: BTreeMap<String, PathBuf>,
    /// What could not be taken for a record.
    pub complaints: Vec<Complaint>,
}

/// What the beginning of a record says.
#[derive(Debug, Default)]
struct Head {
    schema: Option<String>,
    submission: Option<String>,
    graded_at: Option<String>,
}

impl Records {
    /// Finds the records in `places`: folders of records, folders that `grade --out` wrote,
    /// or records themselves. Of two records of a submission the later counts.
    ///
    /// # Errors
    /// A place does not exist, or there is no record in any.
    pub fn find(places: &[PathBuf]) -> Result<Self> {
        let mut records = Self::default();
        let mut chosen: BTreeMap<String, (String, PathBuf)> = BTreeMap::new();
        for path in files(places)? {
            let (id, graded_at) = match head_of(&path) {
                Ok(known) => known,
                Err(complaint) => {
                    records.complaints.push(complaint);
                    continue;
                }
            };
            if let Some((before, other)) = chosen.get(&id) {
                let (counts, older) = if *before < graded_at {
                    (&path, other)
                } else {
                    (other, &path)
                };
                let (counts, older) = (counts.display(), older.display());
                records.complaints.push(Complaint::note(
                    format!("`{id}` has two records; {counts} counts, which was graded later"),
                    format!("delete the other one: {older}"),
                ));
                if *before >= graded_at {
                    continue;
                }
            }
            chosen.insert(id, (graded_at, path));
        }
        if chosen.is_empty() && records.complaints.is_empty() {
            let shown: Vec<String> = places
                .iter()
                .map(|place| place.display().to_string())
                .collect();
            return Err(Fault::usage(
                format!("there is no record in {}", shown.join(", ")),
                "name the folder that `cargo xtask grade --submissions ... --out DIR` wrote",
            ));
        }
        records.paths = chosen
            .into_iter()
            .map(|(id, (_, path))| (id, path))
            .collect();
        Ok(records)
    }
}

/// Reads the record at `path`.
///
/// # Errors
/// It is none; the complaint says why.
pub fn read(path: &Path) -> std::result::Result<Record, Complaint> {
    let bytes = fs::read(path).map_err(|error| not_read(path, &error))?;
    Record::from_json(&bytes).map_err(|error| bad(path, &error))
}

/// The records of one person as one: of each lab the result that was graded last.
pub fn together(mut records: Vec<Record>) -> Option<Record> {
    records.sort_by(|one, other| one.graded_at.cmp(&other.graded_at));
    let mut whole = records.pop()?;
    for record in records.into_iter().rev() {
        for lab in record.labs {
            match whole.labs.iter_mut().find(|known| known.id == lab.id) {
                Some(known) if graded(known) >= graded(&lab) => {}
                Some(known) => *known = lab,
                None => whole.labs.push(lab),
            }
        }
        whole.refused.extend(record.refused);
        whole.ignored.extend(record.ignored);
    }
    let labs = &whole.labs;
    whole.refused.retain(|refused| {
        let result = labs.iter().find(|lab| lab.id == refused.lab);
        result.is_none_or(|result| graded(result).is_none_or(|at| *at < *refused.at))
    });
    Some(whole)
}

/// When a lab of a class was graded.
fn graded(lab: &LabRecord) -> Option<&str> {
    lab.graded.as_ref().map(|graded| graded.at.as_str())
}

/// Every file that may be a record, in the order of its path.
fn files(places: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for place in places {
        if place.is_file() {
            files.push(place.clone());
            continue;
        }
        // What `grade --out` writes has its records one folder below.
        let below = place.join("records");
        let folder = if below.is_dir() { below } else { place.clone() };
        let entries = fs::read_dir(&folder).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Fault::usage(
                format!("there is no {}", place.display()),
                "name a folder of records: cargo xtask report DIR",
            ),
            _ => Fault::io("read", &folder, &error),
        })?;
        let mut found = Vec::new();
        for entry in entries {
            let path = entry
                .map_err(|error| Fault::io("read", &folder, &error))?
                .path();
            let is_json = path
                .extension()
                .is_some_and(|extension| extension == "json");
            // A name that begins with a dot is a record that is being written.
            let hidden = path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if is_json && !hidden && path.is_file() {
                found.push(path);
            }
        }
        found.sort();
        files.append(&mut found);
    }
    Ok(files)
}

/// The submission and the time of grading of the record at `path`.
fn head_of(path: &Path) -> std::result::Result<(String, String), Complaint> {
    let file = File::open(path).map_err(|error| not_read(path, &error))?;
    let size = file
        .metadata()
        .map_err(|error| not_read(path, &error))?
        .len();
    if size > LARGEST {
        return Err(Complaint::gap(
            format!("{} is too large to be a record", path.display()),
            "move it elsewhere, or grade that submission again",
        ));
    }
    let mut head = Head::default();
    let mut json = serde_json::Deserializer::from_reader(BufReader::new(file.take(LARGEST)));
    let read = json.deserialize_map(Beginning(&mut head));
    match head {
        Head {
            schema: Some(schema),
            ..
        } if schema != SCHEMA => Err(Complaint::gap(
            format!(
                "{}: its schema is `{schema}`, and this runner reads {SCHEMA}",
                path.display()
            ),
            "read it with the runner that wrote it, or grade that submission again",
        )),
        Head {
            schema: Some(_),
            submission: Some(submission),
            graded_at: Some(graded_at),
        } if !submission.is_empty() => Ok((submission, graded_at)),
        _ => match read {
            Err(error) => Err(bad(path, &error)),
            Ok(()) => Err(Complaint::gap(
                format!("{}: it does not say what it is a record of", path.display()),
                "move it elsewhere, or grade that submission again",
            )),
        },
    }
}

/// Reads an object up to where its head is known.
struct Beginning<'a>(&'a mut Head);

impl<'de> Visitor<'de> for Beginning<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "schema" => self.0.schema = Some(map.next_value()?),
                "submission" => self.0.submission = Some(map.next_value()?),
                "graded_at" => self.0.graded_at = Some(map.next_value()?),
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
            let Head {
                schema,
                submission,
                graded_at,
            } = &self.0;
            if schema.is_some() && submission.is_some() && graded_at.is_some() {
                return Err(A::Error::custom("the rest is not needed"));
            }
        }
        Ok(())
    }
}

fn not_read(path: &Path, error: &io::Error) -> Complaint {
    Complaint::gap(
        format!("{} cannot be read: {error}", path.display()),
        format!("look at it: ls -l {}", path.display()),
    )
}

fn bad(path: &Path, error: &serde_json::Error) -> Complaint {
    Complaint::gap(
        format!("{} is no record: {error}", path.display()),
        "grade that submission again; the reports are made without it",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn head(submission: &str, graded_at: &str) -> String {
        format!(
            r#"{{"schema":"{SCHEMA}","submission":"{submission}","graded_at":"{graded_at}","rest": not even JSON"#
        )
    }

    #[test]
    fn records_are_found_by_their_beginning_and_the_later_one_counts() {
        let folder = written(&[
            ("a/records/ada.json", &head("ada", "2025-01-01T00:00:00Z")),
            ("a/records/.bob.json", "half"),
            ("a/records/notes.txt", ""),
            ("b/x.json", &head("ada", "2025-01-02T00:00:00Z")),
            ("b/bob.json", &head("bob", "2025-01-01T00:00:00Z")),
        ]);
        let places = ["a", "b"].map(|name| folder.path().join(name));
        let records = Records::find(&places).unwrap();
        let ids: Vec<&String> = records.paths.keys().collect();
        assert_eq!(ids, ["ada", "bob"]);
        assert!(records.paths["ada"].ends_with("b/x.json"));
        assert_eq!(records.complaints.len(), 1);
        assert!(!records.complaints[0].incomplete);
    }

    #[test]
    fn what_is_no_record_is_told_and_passed_over() {
        let folder = written(&[
            ("cut.json", r#"{"schema":"socket"#),
            ("empty.json", "{}"),
            (
                "future.json",
                r#"{"schema":"socket-labs/record/v9","submission":"x"}"#,
            ),
            ("list.json", "[1]"),
            ("ok.json", &head("ok", "2025-01-01T00:00:00Z")),
        ]);
        let records = Records::find(&[folder.path().to_path_buf()]).unwrap();
        assert_eq!(records.paths.len(), 1);
        let told: Vec<&str> = records
            .complaints
            .iter()
            .map(|told| told.what.as_str())
            .collect();
        assert_eq!(told.len(), 4);
        assert!(told[0].contains("cut.json is no record: EOF"), "{told:?}");
        assert!(told[1].contains("does not say what"), "{told:?}");
        assert!(told[2].contains("socket-labs/record/v9"), "{told:?}");
        assert!(told[3].contains("list.json is no record"), "{told:?}");
        assert!(
            records
                .complaints
                .iter()
                .all(|complaint| complaint.incomplete)
        );
        let rest = read(&folder.path().join("ok.json")).unwrap_err();
        assert!(rest.what.contains("ok.json is no record"), "{rest}");
    }

    #[test]
    fn an_empty_folder_and_none_at_all_are_faults() {
        let folder = tempfile::tempdir().unwrap();
        let fault = Records::find(&[folder.path().to_path_buf()]).unwrap_err();
        assert!(fault.what().contains("no record in"), "{fault}");
        let fault = Records::find(&[folder.path().join("none")]).unwrap_err();
        assert!(fault.what().contains("there is no"), "{fault}");
    }
}
