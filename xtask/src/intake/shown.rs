//! Names from a submission, made harmless.

use testbench::bytes::{escape, is_treacherous};

/// The longest name that is shown, in characters.
const LONGEST: usize = 160;

/// `name` as text in one line: as it is where a terminal and a page show it as it is, else
/// in the escapes of [`escape`]; the middle of a long one is left out.
pub fn shown(name: &[u8]) -> String {
    let text = match std::str::from_utf8(name) {
        Ok(text) if !text.chars().any(is_treacherous) => text.to_owned(),
        _ => escape(name),
    };
    let count = text.chars().count();
    if count <= LONGEST {
        return text;
    }
    let half = LONGEST / 2 - 1;
    let head: String = text.chars().take(half).collect();
    let tail: String = text.chars().skip(count - half).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_harmless_line_of_bounded_length() {
        assert_eq!(shown("udp/größe.rs".as_bytes()), "udp/größe.rs");
        assert_eq!(shown(b"a\nb"), "a\\nb");
        assert_eq!(shown("a\u{202e}sr.b".as_bytes()), "a\\xe2\\x80\\xaesr.b");
        assert_eq!(shown(b"\xff$(reboot)"), "\\xff$(reboot)");
        let long = shown(&[b'x'; 4096]);
        assert_eq!(long.chars().count(), LONGEST - 1);
    }
}
