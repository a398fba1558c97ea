//! Splits the name at its first dot only, into two labels.
//!
//! stage: encode
//! fails: encode::writes_a_query_byte_for_byte
//!        encode::a_name_has_255_bytes_at_the_most
//!        encode::what_is_no_name_is_refused
//! meant: encode::writes_a_query_byte_for_byte
//! says: label behind its length, a zero

use crate::message::RD;
use crate::record::IN;
use crate::record::Type;

/// A query with this `id` for the records of type `qtype` that `name` has, recursion desired.
///
/// The error is a sentence that says what is wrong with the name.
pub fn query(id: u16, name: &str, qtype: Type) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(HEADER + LONGEST_NAME + 4);
    // Four counts: one question, and no record in any of the three sections.
    for field in [id, RD, 1, 0, 0, 0] {
        bytes.extend(field.to_be_bytes());
    }
    push_name(&mut bytes, name)?;
    bytes.extend(qtype.0.to_be_bytes());
    bytes.extend(IN.to_be_bytes());
    Ok(bytes)
}

/// The bytes of a header.
const HEADER: usize = 12;

/// How many bytes a label may have, its length byte not counted (RFC 1035 2.3.4).
const LONGEST_LABEL: usize = 63;

/// How many bytes a name may have, the length bytes and the root's counted (RFC 1035 2.3.4).
const LONGEST_NAME: usize = 255;

/// Writes a name: each label behind its length, then the root, whose label is empty (RFC 1035 3.1).
fn push_name(bytes: &mut Vec<u8>, name: &str) -> Result<(), String> {
    let start = bytes.len();
    if name.is_empty() {
        return Err("the name is empty; the root is written as a dot".to_owned());
    }
    // The dot at the end is the root's; the root alone has no other label.
    let labels = name.strip_suffix('.').unwrap_or(name);
    if name != "." {
        for label in labels.splitn(2, '.') {
            push_label(bytes, label).map_err(|error| format!("{name:?}: {error}"))?;
        }
    }
    bytes.push(0);
    let length = bytes.len() - start;
    if length > LONGEST_NAME {
        return Err(format!(
            "the name has {length} bytes on the wire; {LONGEST_NAME} are allowed"
        ));
    }
    Ok(())
}

fn push_label(bytes: &mut Vec<u8>, label: &str) -> Result<(), String> {
    if label.is_empty() {
        return Err("a label is empty: two dots in a row, or one at the beginning".to_owned());
    }
    if !label
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    {
        return Err("a label holds something other than plain characters".to_owned());
    }
    match u8::try_from(label.len()) {
        Ok(length) if label.len() <= LONGEST_LABEL => {
            bytes.push(length);
            bytes.extend(label.bytes());
            Ok(())
        }
        _ => Err(format!(
            "a label has {} bytes; {LONGEST_LABEL} are allowed",
            label.len()
        )),
    }
}
