//! The manifest in an archive that `submit` made: when, of which edition, which files.
//!
//! It is the student's word and decides nothing; the record tells the edition and the time that it
//! names.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::value::Datetime;

/// Its name, at the top of the archive.
pub const NAME: &str = "submission.toml";

/// The value of [`Manifest::schema`].
pub const SCHEMA: &str = "socket-labs/submission/v1";

/// The longest name of an edition that is believed to be one, in bytes.
const LONGEST: usize = 80;

/// What such an archive says of itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// When it was made, RFC 3339, UTC.
    pub made_at: String,
    /// The edition of the course it was made in.
    pub edition: String,
    /// SHA-256 of each file, by its path in the archive.
    pub files: BTreeMap<String, String>,
}

/// Whether a file of that path, its components from the submission's top on, is a manifest: at
/// the top, or in the one folder that some archivers put around everything.
pub(super) fn is_manifest(path: &[&[u8]]) -> bool {
    path.len() <= 3 && path.last() == Some(&NAME.as_bytes())
}

/// The edition that the manifest `text` names, if it is one.
pub(super) fn edition(text: &[u8]) -> Option<String> {
    let manifest: Manifest = toml::from_str(std::str::from_utf8(text).ok()?).ok()?;
    let edition = manifest.edition;
    let plain = edition.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let is_name = plain && !edition.is_empty() && edition.len() <= LONGEST;
    (manifest.schema == SCHEMA && is_name).then_some(edition)
}

/// When the manifest `text` says that it was made, if it is one and that is a time.
pub(super) fn made_at(text: &[u8]) -> Option<String> {
    let manifest: Manifest = toml::from_str(std::str::from_utf8(text).ok()?).ok()?;
    let written: Datetime = manifest.made_at.parse().ok()?;
    let whole = written.date.is_some() && written.time.is_some() && written.offset.is_some();
    (manifest.schema == SCHEMA && whole).then_some(manifest.made_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edition_is_believed_if_it_looks_like_one() {
        let text = |schema: &str, edition: &str| {
            format!("schema = \"{schema}\"\nmade_at = \"x\"\nedition = \"{edition}\"\n[files]\n")
        };
        let named = edition(text(SCHEMA, "student 0.1.0 (1f3a)").as_bytes());
        assert_eq!(named.as_deref(), Some("student 0.1.0 (1f3a)"));
        for bad in [
            text("other/v1", "student"),
            text(SCHEMA, ""),
            text(SCHEMA, "a\\u001bb"),
            text(SCHEMA, &"x".repeat(81)),
            "edition = \"student\"".to_owned(),
        ] {
            assert_eq!(edition(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn the_time_is_believed_if_it_is_one() {
        let text = |at: &str| {
            format!("schema = \"{SCHEMA}\"\nmade_at = \"{at}\"\nedition = \"student\"\n[files]\n")
        };
        let told = |at: &str| made_at(text(at).as_bytes());
        let at = "2025-10-20T21:59:00Z";
        assert_eq!(told(at).as_deref(), Some(at));
        for bad in ["2025-10-20", "2025-10-20T21:59:00", "yesterday", ""] {
            assert_eq!(told(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_the_one_at_the_top_is_the_manifest() {
        let is = |path: &str| is_manifest(&path.split('/').map(str::as_bytes).collect::<Vec<_>>());
        assert!(is("submission.toml") && is("jane/submission.toml"));
        assert!(!is("jane/labs/udp/src/submission.toml") && !is("submission.toml.txt"));
    }
}
