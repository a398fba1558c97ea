//! Ids of submissions, from the names that learning platforms give to what they export.

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::shown;

/// The longest id, bytes; a record's file name is a little longer.
const LONGEST: usize = 96;

/// What the name of an export says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The submission's id: letters, digits, `.`, `-`, `_`.
    pub id: String,
    /// Whether a platform put the id there, so that several pieces may bear it.
    pub by_platform: bool,
    /// What the student called the piece, if the name tells.
    pub piece: Option<String>,
}

/// Reads the name of an entry, without what its kind adds (`.zip`).
///
/// # Errors
/// Nothing in it can be an id.
pub fn named(name: &[u8]) -> Result<Named, String> {
    let text = String::from_utf8_lossy(name);
    let told = moodle(&text).or_else(|| canvas(&text));
    let (id, by_platform, piece) = told.unwrap_or_else(|| (text.into_owned(), false, None));
    let id = safe(&id);
    if !id.chars().any(char::is_alphanumeric) {
        return Err(format!("its name, {}, has no letter", shown(name)));
    }
    Ok(Named {
        id,
        by_platform,
        piece,
    })
}

/// `Name Surname_12345_assignsubmission_file_`, and behind it the file's name where Moodle was
/// told not to make folders.
fn moodle(text: &str) -> Option<(String, bool, Option<String>)> {
    let (who, rest) = text.split_once("_assignsubmission_")?;
    let (_, number) = who.rsplit_once('_')?;
    if !is_number(number) {
        return None;
    }
    let piece = rest.split_once('_').map(|(_, piece)| piece.to_owned());
    Some((
        who.to_owned(),
        true,
        piece.filter(|piece| !piece.is_empty()),
    ))
}

/// `surnamename_12345_67890_udp`, or `surnamename_LATE_12345_67890_udp`: user and file.
fn canvas(text: &str) -> Option<(String, bool, Option<String>)> {
    let (who, rest) = text.split_once('_')?;
    let rest = rest.strip_prefix("LATE_").unwrap_or(rest);
    let mut parts = rest.splitn(3, '_');
    let (user, file, piece) = (parts.next()?, parts.next()?, parts.next()?);
    if who.is_empty() || !is_number(user) || !is_number(file) {
        return None;
    }
    Some((format!("{who}_{user}"), true, Some(piece.to_owned())))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `text` with `_` for all that is no letter, digit, dot or hyphen. A long one is cut, and told
/// from others that begin alike by its digest.
fn safe(text: &str) -> String {
    let allowed = |c: char| c.is_alphanumeric() || c == '.' || c == '-';
    // macOS writes `ü` as `u` and a mark behind it; the student is the same.
    let id: String = text
        .trim()
        .nfc()
        .map(|c| if allowed(c) { c } else { '_' })
        .collect();
    // No hidden file, no option, no folder of the parent.
    let id = id
        .trim_start_matches(['.', '-'])
        .trim_end_matches(['.', '_']);
    if id.len() <= LONGEST {
        return id.to_owned();
    }
    let digest = Sha256::digest(text.as_bytes());
    let tail: String = digest[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let end = (0..=LONGEST - 9)
        .rev()
        .find(|&end| id.is_char_boundary(end))
        .unwrap_or(0);
    format!("{}-{tail}", &id[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> String {
        named(name.as_bytes()).expect("an id").id
    }

    #[test]
    fn what_platforms_export_is_recognised() {
        let moodle = named(b"Ada Lovelace_12345_assignsubmission_file_").unwrap();
        assert_eq!(moodle.id, "Ada_Lovelace_12345");
        assert!(moodle.by_platform);
        assert_eq!(moodle.piece, None);
        let flat = named(b"Ada Lovelace_12345_assignsubmission_file_udp").unwrap();
        assert_eq!(
            (flat.id.as_str(), flat.piece.as_deref()),
            ("Ada_Lovelace_12345", Some("udp"))
        );
        let canvas = named(b"lovelaceada_12345_67890_udp-1").unwrap();
        assert_eq!(canvas.id, "lovelaceada_12345");
        assert_eq!(canvas.piece.as_deref(), Some("udp-1"));
        assert_eq!(id("lovelaceada_LATE_12345_67890_udp"), "lovelaceada_12345");
    }

    #[test]
    fn other_names_are_ids_as_they_are_made_safe() {
        assert_eq!(id("jane-doe"), "jane-doe");
        assert_eq!(id("Zoë Müller"), "Zoë_Müller");
        assert_eq!(id("Zoe\u{308} Mu\u{308}ller"), "Zoë_Müller");
        assert_eq!(id("group_7"), "group_7");
        assert_eq!(id("../x$(reboot)\n"), "_x__reboot");
        assert_eq!(id("-rf"), "rf");
        assert_eq!(id("a_12345_b"), "a_12345_b");
        assert!(!named(b"jane").unwrap().by_platform);
        assert!(named(b"...").is_err());
        assert!(named(b"\xff\xfe").is_err());
    }

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let (one, other) = ("x".repeat(200), format!("{}y", "x".repeat(199)));
        assert!(id(&one).len() <= LONGEST);
        assert_ne!(id(&one), id(&other));
        assert!(id(&"ä".repeat(200)).len() <= LONGEST);
    }
}
