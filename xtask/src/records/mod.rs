//! Records on disk: one file a submission, written as a whole or not at all.
//!
//! `OUT/records/ID.json` is the record; `ID.json.previous` the one before it, `ID.json.bad` one
//! that could not be read. `OUT/cohort.json` keeps the seed. One run at a time writes there.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};
use testbench::record::{Record, SCHEMA};

use crate::fault::{Fault, Result};
use crate::grade;

/// The value of [`About::schema`].
const ABOUT_SCHEMA: &str = "socket-labs/cohort/v1";

/// A folder of records, locked.
#[derive(Debug)]
pub struct Records {
    out: PathBuf,
    folder: PathBuf,
    /// Tells other runs that this folder is in use (flock(2): ends with the process).
    _lock: File,
}

/// What is kept beside the records.
#[derive(Debug, Serialize, Deserialize)]
struct About {
    schema: String,
    /// The seed of every payload and schedule of the cohort, 16 hexadecimal digits.
    seed: String,
}

/// What there is of a submission.
#[derive(Debug)]
pub enum Kept {
    /// Nothing.
    Nothing,
    /// A record.
    Record(Box<Record>),
    /// A file that is no record of this schema, and why.
    Bad(String),
}

impl Records {
    /// Opens `out`, makes it if it is not there, and locks it.
    ///
    /// # Errors
    /// It cannot be made, or another run writes there.
    pub fn open(out: &Path) -> Result<Self> {
        if out.exists() && !out.is_dir() {
            return Err(Fault::usage(
                format!("{} is no folder", out.display()),
                "name a folder for the records, which is made if it is not there: --out DIR",
            ));
        }
        let folder = out.join("records");
        fs::create_dir_all(&folder)
            .map_err(|error| Fault::io("make the folder", &folder, &error))?;
        let lock = out.join(".lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock)
            .map_err(|error| Fault::io("open", &lock, &error))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => {
                return Err(Fault::usage(
                    format!("another run is writing to {}", out.display()),
                    "wait until it is done, or give each shard an --out of its own",
                ));
            }
            Err(error) => return Err(Fault::io("lock", &lock, &error.into())),
        }
        Ok(Self {
            out: out.to_path_buf(),
            folder,
            _lock: file,
        })
    }

    /// Where the records are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The cohort's seed: the one that is kept here; else the one that was `typed`; else one that
    /// follows from the course's `digest`, so that shards elsewhere have the same.
    ///
    /// # Errors
    /// Another one is kept here than was typed, or it cannot be written.
    pub fn seed(&self, typed: Option<&str>, digest: &str) -> Result<String> {
        let path = self.out.join("cohort.json");
        let typed = typed.map(|typed| grade::seed(Some(typed))).transpose()?;
        if let Some(kept) = self.kept_seed(&path)? {
            return match typed {
                Some(typed) if typed != kept => Err(Fault::usage(
                    format!(
                        "{} was graded with the seed {kept}, and records of one cohort share one",
                        self.out.display()
                    ),
                    "leave out --seed, or name another --out",
                )),
                _ => Ok(kept),
            };
        }
        let seed = match typed {
            Some(typed) => typed,
            None => grade::seed(digest.get(..16))?,
        };
        let about = About {
            schema: ABOUT_SCHEMA.to_owned(),
            seed: seed.clone(),
        };
        self.replace(&path, &about)?;
        Ok(seed)
    }

    fn kept_seed(&self, path: &Path) -> Result<Option<String>> {
        let bytes = match fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|error| Fault::io("read", path, &error))?,
        };
        let about = serde_json::from_slice(&bytes)
            .ok()
            .filter(|about: &About| about.schema == ABOUT_SCHEMA);
        match about {
            Some(about) => grade::seed(Some(&about.seed)).map(Some),
            None => Err(Fault::usage(
                format!(
                    "{} does not say with which seed the records in {} were made",
                    path.display(),
                    self.out.display()
                ),
                "delete it, and give the `seed` of any of the records: --seed HEX",
            )),
        }
    }

    /// What there is of the submission `id`.
    ///
    /// # Errors
    /// It is there and cannot be read at all.
    pub fn read(&self, id: &str) -> Result<Kept> {
        let path = self.path(id);
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Kept::Nothing),
            read => read.map_err(|error| Fault::io("read", &path, &error))?,
        };
        Ok(match serde_json::from_slice::<Record>(&bytes) {
            Ok(record) if record.schema != SCHEMA => {
                Kept::Bad(format!("its schema is not {SCHEMA}"))
            }
            Ok(record) if record.submission != id => {
                Kept::Bad("it is of another submission".to_owned())
            }
            Ok(record) => Kept::Record(Box::new(record)),
            Err(error) => Kept::Bad(error.to_string()),
        })
    }

    /// Moves a file that is no record out of the way, and says where to.
    ///
    /// # Errors
    /// It cannot be moved.
    pub fn set_aside(&self, id: &str) -> Result<PathBuf> {
        let (path, aside) = (self.path(id), self.beside(id, "bad"));
        fs::rename(&path, &aside).map_err(|error| Fault::io("move", &path, &error))?;
        Ok(aside)
    }

    /// Keeps a copy of the record of `id` as the previous one.
    ///
    /// # Errors
    /// The disk is full.
    pub fn keep_previous(&self, id: &str) -> Result<()> {
        let previous = self.beside(id, "previous");
        fs::copy(self.path(id), &previous)
            .map_err(|error| Fault::io("write", &previous, &error))?;
        Ok(())
    }

    /// Writes `record`: a run that is killed meanwhile leaves the one before it.
    ///
    /// # Errors
    /// The disk is full.
    pub fn write(&self, record: &Record) -> Result<()> {
        self.replace(&self.path(&record.submission), record)
    }

    fn replace(&self, path: &Path, content: &impl Serialize) -> Result<()> {
        let failed = |error: &io::Error| Fault::io("write", path, error);
        let unfinished = path.with_extension("json.new");
        let written = write_through(&unfinished, content)
            .and_then(|()| fs::rename(&unfinished, path))
            .and_then(|()| File::open(path.parent().unwrap_or(&self.out))?.sync_all());
        if let Err(error) = written {
            _ = fs::remove_file(&unfinished);
            return Err(failed(&error));
        }
        Ok(())
    }

    fn path(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.json"))
    }

    fn beside(&self, id: &str, what: &str) -> PathBuf {
        self.folder.join(format!("{id}.json.{what}"))
    }
}

/// Writes `content`, and returns when the disk has it.
fn write_through(path: &Path, content: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec_pretty(content)?;
    text.push(b'\n');
    let mut file = File::create(path)?;
    file.write_all(&text)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "0123456789abcdef0123";

    #[test]
    fn the_seed_follows_from_the_course_and_is_kept() {
        let out = tempfile::tempdir().unwrap();
        let records = Records::open(out.path()).unwrap();
        assert_eq!(records.seed(None, DIGEST).unwrap(), "0123456789abcdef");
        let other = "ffffffffffffffff";
        assert_eq!(records.seed(None, other).unwrap(), "0123456789abcdef");
        let told = records.seed(Some("1"), DIGEST).unwrap_err().to_string();
        assert!(told.contains("share one"), "{told}");
        fs::write(out.path().join("cohort.json"), "{").unwrap();
        let told = records.seed(None, DIGEST).unwrap_err().to_string();
        assert!(told.contains("--seed HEX"), "{told}");
    }

    #[test]
    fn a_folder_in_use_is_refused() {
        let out = tempfile::tempdir().unwrap();
        let first = Records::open(out.path()).unwrap();
        assert!(Records::open(out.path()).is_err());
        drop(first);
        assert!(Records::open(out.path()).is_ok());
    }

    #[test]
    fn what_is_no_record_is_bad_and_set_aside() {
        let out = tempfile::tempdir().unwrap();
        let records = Records::open(out.path()).unwrap();
        assert!(matches!(records.read("jane").unwrap(), Kept::Nothing));
        fs::write(out.path().join("records/jane.json"), "{\"schema\": \"soc").unwrap();
        assert!(matches!(records.read("jane").unwrap(), Kept::Bad(_)));
        let aside = records.set_aside("jane").unwrap();
        assert!(aside.ends_with("records/jane.json.bad") && aside.is_file());
        assert!(matches!(records.read("jane").unwrap(), Kept::Nothing));
    }
}
