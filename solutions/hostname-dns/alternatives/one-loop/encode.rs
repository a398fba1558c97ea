//! Stage 3, `encode`: the checks first, the bytes afterwards.

use std::io::Write;

use crate::message::RD;
use crate::record::Type;

/// A query.
pub fn query(id: u16, name: &str, qtype: Type) -> Result<Vec<u8>, String> {
    let labels: Vec<&str> = match name {
        "" => return Err("a name, please".to_owned()),
        "." => Vec::new(),
        _ => name.strip_suffix('.').unwrap_or(name).split('.').collect(),
    };
    let plain = |label: &&str| {
        label.len() < 64
            && !label.is_empty()
            && label.bytes().all(|b| (33..127).contains(&b) && b != 92)
    };
    if let Some(bad) = labels.iter().find(|label| !plain(label)) {
        return Err(format!("this is no label: {bad:?}"));
    }
    let length: usize = labels.iter().map(|label| label.len() + 1).sum();
    if length + 1 > 255 {
        return Err(format!("{} bytes are too many for a name", length + 1));
    }
    let mut bytes = Vec::new();
    let mut put = |part: &[u8]| bytes.write_all(part).map_err(|error| error.to_string());
    for field in [id, RD, 1, 0, 0, 0] {
        put(&field.to_be_bytes())?;
    }
    for label in labels {
        put(&[u8::try_from(label.len()).unwrap_or_default()])?;
        put(label.as_bytes())?;
    }
    put(&[0])?;
    put(&qtype.0.to_be_bytes())?;
    put(&[0, 1])?;
    Ok(bytes)
}
