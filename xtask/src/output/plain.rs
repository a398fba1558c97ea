//! Text from programs, made harmless: a terminal shows it, and does nothing else; nor does a CI
//! system that reads what a job prints.

use std::borrow::Cow;

use testbench::bytes::{is_harmless, is_treacherous};

/// What GitHub's runner obeys at the beginning of a row, behind blanks too: `::error file=a::text`.
const COMMANDS: [&str; 15] = [
    "add-mask",
    "add-matcher",
    "add-path",
    "debug",
    "echo",
    "endgroup",
    "error",
    "group",
    "notice",
    "remove-matcher",
    "save-state",
    "set-env",
    "set-output",
    "stop-commands",
    "warning",
];

/// `text` with escapes for what a terminal or a CI system would obey instead of show, line ends
/// among them.
pub fn line<'a>(text: impl Into<Cow<'a, str>>) -> Cow<'a, str> {
    let text = text.into();
    // Most of what a class says, and there is much of it.
    if is_harmless(text.as_bytes()) {
        return text;
    }
    uncommanded(&unobeyed(&text)).into()
}

/// `text` with escapes for what a terminal would obey.
fn unobeyed(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if is_treacherous(c) {
            plain.extend(c.escape_default());
        } else {
            plain.push(c);
        }
    }
    plain
}

/// `text` with an escape where a word begins that a CI system would obey; the text may be broken
/// into rows later.
fn uncommanded(text: &str) -> String {
    // `##[error]`, `##vso[task.complete]`, `##teamcity[...]`: anywhere in a row.
    let mut parts = text.split("##");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let name = part.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        plain.push_str(if name.starts_with('[') {
            "#\\u{23}"
        } else {
            "##"
        });
        plain.push_str(part);
    }
    let mut harmless = String::with_capacity(plain.len());
    let mut shown = 0;
    for (at, _) in plain.match_indices("::") {
        let begins_a_word = || {
            let before = plain[..at].chars().next_back();
            before.is_none_or(char::is_whitespace)
        };
        if is_command(&plain[at + 2..]) && begins_a_word() {
            harmless.push_str(&plain[shown..at]);
            harmless.push_str("\\u{3a}");
            shown = at + 1;
        }
    }
    harmless.push_str(&plain[shown..]);
    harmless
}

/// Whether `text` begins with a command's name and what ends one.
fn is_command(text: &str) -> bool {
    let end = text.find([' ', ':']).unwrap_or(text.len());
    end < text.len() && COMMANDS.contains(&&text[..end])
}

/// As [`line()`], but line ends stay, and tabs become spaces.
pub fn lines(text: &str) -> String {
    let lines: Vec<_> = each_line(text).collect();
    lines.join("\n")
}

/// The lines of `text`, each as by [`line()`], tabs as spaces.
pub fn each_line(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    text.lines().map(|text| {
        if text.contains('\t') {
            line(text.replace('\t', "    "))
        } else {
            line(text)
        }
    })
}

/// `text` in lines of at most `width` characters, broken between words where there are some.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let Some(last) = lines.last_mut() else {
            break;
        };
        let needed = last.chars().count() + usize::from(!last.is_empty()) + word.chars().count();
        if last.is_empty() {
            last.push_str(word);
        } else if needed <= width {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// `text`, or as much of it as fits into `width` characters, and an ellipsis.
pub fn shortened(text: &str, width: usize) -> String {
    if text.len() <= width || text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_would_obey_is_left() {
        assert_eq!(line("a\x1b]0;x\u{7}b"), "a\\u{1b}]0;x\\u{7}b");
        assert_eq!(line("abc\u{202e}def"), "abc\\u{202e}def");
        assert_eq!(lines("größe\nb\r"), "größe\nb\\r");
    }

    #[test]
    fn nothing_that_a_ci_system_would_obey_is_left() {
        assert_eq!(line("  ::error file=a::b"), "  \\u{3a}:error file=a::b");
        assert_eq!(
            line("said ::set-output name=a::b"),
            "said \\u{3a}:set-output name=a::b"
        );
        assert_eq!(lines("a\n::notice::b"), "a\n\\u{3a}:notice::b");
        assert_eq!(line("x ##[error]b"), "x #\\u{23}[error]b");
        assert_eq!(line("##vso[x]## y"), "#\\u{23}vso[x]## y");
        let paths = "std::error::Error, ::1, ::ffff:127.0.0.1, ::std::io";
        assert_eq!(line(paths), paths);
    }

    #[test]
    fn text_is_broken_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("unbreakable it is", 5), ["unbreakable", "it is"]);
    }

    #[test]
    fn a_long_text_ends_in_an_ellipsis() {
        assert_eq!(shortened("short", 5), "short");
        assert_eq!(shortened("longer text", 8), "longer…");
    }
}
