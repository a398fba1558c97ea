//! Bytes as text: escapes, excerpts, the first difference.

use std::fmt::Write;

/// How many bytes an excerpt shows at the most.
const EXCERPT: usize = 96;

/// How many bytes of an excerpt stand before its focus.
const BEFORE_FOCUS: usize = 24;

/// `data` in ASCII: printable characters as they are, the others as in a Rust
/// byte string (`\n`, `\r`, `\t`, `\0`, `\\`, `\"`, `\xff`).
pub fn escape(data: &[u8]) -> String {
    let mut text = String::with_capacity(data.len());
    for &byte in data {
        match byte {
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            0 => text.push_str("\\0"),
            b'"' | b'\\' => {
                text.push('\\');
                text.push(char::from(byte));
            }
            b' '..=b'~' => text.push(char::from(byte)),
            // Writing to a String cannot fail.
            _ => _ = write!(text, "\\x{byte:02x}"),
        }
    }
    text
}

/// As [`escape`], but line ends stay: for what programs print for people.
pub fn escape_lines(data: &[u8]) -> String {
    data.split(|&byte| byte == b'\n')
        .map(|line| match std::str::from_utf8(line) {
            // Text in any language stays text; controls and marks that reorder it do not.
            Ok(text) if !text.chars().any(is_treacherous) => text.to_owned(),
            _ => escape(line),
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// Whether a terminal or a page would do something else with `c` than show it.
pub fn is_treacherous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Whether `data` is printable ASCII without what begins a command to a CI system, `##` and, where
/// a word begins, `::`: nothing in it needs an escape.
pub fn is_harmless(data: &[u8]) -> bool {
    // No way out before the end: so the compiler takes many bytes at a time.
    let printable = data
        .iter()
        .fold(true, |all, byte| all & (b' '..=b'~').contains(byte));
    let behind = data.get(1..).unwrap_or_default();
    let doubled = data.iter().zip(behind).fold(false, |any, (left, right)| {
        any | (left == right) & matches!(left, b'#' | b':')
    });
    printable && !(doubled && may_hold_command(data))
}

/// Whether one may begin anywhere in `data`.
fn may_hold_command(data: &[u8]) -> bool {
    let mut pairs = data.windows(2).enumerate();
    pairs.any(|(at, pair)| match pair {
        b"##" => true,
        b"::" => at == 0 || data[at - 1] == b' ',
        _ => false,
    })
}

/// The part of `data` worth showing, escaped: its beginning, or, with a `focus`,
/// what stands around that index. Dots mark what is left out.
pub fn excerpt(data: &[u8], focus: Option<usize>) -> String {
    if data.len() <= EXCERPT {
        return escape(data);
    }
    let start = focus
        .unwrap_or(0)
        .saturating_sub(BEFORE_FOCUS)
        .min(data.len());
    let end = data.len().min(start + EXCERPT);
    let mut text = String::new();
    if start > 0 {
        text.push('…');
    }
    text.push_str(&escape(&data[start..end]));
    if end < data.len() {
        text.push('…');
    }
    text
}

/// Index of the first byte in which two strings of bytes differ; the shorter one's
/// length when it is the beginning of the other, nothing when they are equal.
pub fn first_difference(left: &[u8], right: &[u8]) -> Option<usize> {
    let common = left.iter().zip(right).take_while(|(l, r)| l == r).count();
    (common < left.len().max(right.len())).then_some(common)
}

/// `1 byte`, `2 bytes`, `1 048 576 bytes`.
pub fn count(bytes: usize) -> String {
    let mut text = bytes.to_string();
    let mut group = text.len();
    while group > 3 {
        group -= 3;
        text.insert(group, ' ');
    }
    text.push_str(if bytes == 1 { " byte" } else { " bytes" });
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_no_escape_is_told_from_what_may() {
        assert!(is_harmless(b"ADD 2 3: 5 #1 ~"));
        assert!(is_harmless(b"echo::half_close, std::io"));
        assert!(is_harmless(b""));
        for other in [
            "a\n",
            "gr\u{f6}\u{df}e",
            "\u{1b}[0m",
            "::error",
            "said ::error",
            "a ##[b]",
            "a##",
            "::",
            " :::",
            "std::io ::error",
            "\u{7f}",
        ] {
            assert!(!is_harmless(other.as_bytes()), "{other:?}");
        }
        for harmless in [":", "#", "a:::b", "#:#:", ": :"] {
            assert!(is_harmless(harmless.as_bytes()), "{harmless:?}");
        }
    }

    #[test]
    fn every_byte_has_an_ascii_escape() {
        let all: Vec<u8> = (0..=255).collect();
        assert!(escape(&all).is_ascii());
        assert_eq!(escape(b"a\"\\\n\0\x1b\xff"), "a\\\"\\\\\\n\\0\\x1b\\xff");
    }

    #[test]
    fn lines_of_text_stay_and_terminal_escapes_do_not() {
        assert_eq!(escape_lines("größe\nok".as_bytes()), "größe\nok");
        assert_eq!(escape_lines(b"a\x1b]0;x\x07\nok"), "a\\x1b]0;x\\x07\nok");
        assert_eq!(escape_lines("a\u{202e}b".as_bytes()), "a\\xe2\\x80\\xaeb");
    }

    #[test]
    fn the_difference_is_the_first_unequal_byte_or_the_shorter_end() {
        assert_eq!(first_difference(b"abc", b"abd"), Some(2));
        assert_eq!(first_difference(b"abc", b"ab"), Some(2));
        assert_eq!(first_difference(b"", b"x"), Some(0));
        assert_eq!(first_difference(b"same", b"same"), None);
    }

    #[test]
    fn an_excerpt_shows_what_stands_around_its_focus() {
        let mut data = vec![b'.'; 1000];
        data[500] = b'X';
        let text = excerpt(&data, Some(500));
        assert!(text.starts_with('…') && text.ends_with('…') && text.contains('X'));
        assert_eq!(
            text.find('X').map(|at| text[..at].chars().count()),
            Some(BEFORE_FOCUS + 1)
        );
        assert_eq!(excerpt(b"short", Some(3)), "short");
    }

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!(count(1), "1 byte");
        assert_eq!(count(0), "0 bytes");
        assert_eq!(count(999), "999 bytes");
        assert_eq!(count(1000), "1 000 bytes");
        assert_eq!(count(12_345), "12 345 bytes");
        assert_eq!(count(1_048_576), "1 048 576 bytes");
    }
}
