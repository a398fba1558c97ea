//! Stage 3, `encode`, label by label into a buffer of its own, then put together.

use crate::record::Type;

/// A query.
pub fn query(id: u16, name: &str, qtype: Type) -> Result<Vec<u8>, String> {
    let name = wire_name(name)?;
    let [id_high, id_low] = id.to_be_bytes();
    let head = [id_high, id_low, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    let tail = [qtype.0.to_be_bytes(), [0, 1]].concat();
    Ok([&head[..], &name, &tail].concat())
}

fn wire_name(text: &str) -> Result<Vec<u8>, String> {
    let mut wire = Vec::new();
    let mut label: Vec<u8> = Vec::new();
    // With the root's dot always there, each dot ends a label.
    let dotted = match text {
        "." => "",
        _ if text.ends_with('.') => text,
        _ => &format!("{text}."),
    };
    for byte in dotted.bytes() {
        match byte {
            b'.' if label.is_empty() => return Err(format!("{text:?} has an empty label")),
            b'.' => {
                wire.push(u8::try_from(label.len()).map_err(|error| error.to_string())?);
                wire.append(&mut label);
            }
            b'!'..=b'~' if byte != b'\\' => label.push(byte),
            _ => return Err(format!("{text:?} has a character that is not allowed")),
        }
        if label.len() > 63 {
            return Err("a label is longer than 63 bytes".to_owned());
        }
    }
    wire.push(0);
    if wire.len() > 255 {
        return Err("the name is longer than 255 bytes".to_owned());
    }
    Ok(wire)
}
