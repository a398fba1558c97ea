//! The program's source text, for the few rules that are about it.

use std::path::PathBuf;
use std::{env, fs};

use crate::failure::{Failure, Outcome};
use crate::settings;

/// The text of `src/<file>` with comments and the contents of string literals blanked out,
/// so that a search finds code only. Lines keep their numbers.
pub fn code(file: &str) -> Outcome<String> {
    let folder = env::var_os(settings::SOURCES)
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?).join("src")));
    let Some(folder) = folder else {
        return Err(Failure::grader(
            "find the program's sources",
            format!("{} is not set", settings::SOURCES),
        ));
    };
    match fs::read(folder.join(file)) {
        Ok(text) => Ok(blank_out(&String::from_utf8_lossy(&text))),
        Err(error) => Err(Failure::grader(&format!("read {file}"), error)),
    }
}

/// Lines, counted from 1, of `code` in which `name` stands as an identifier of its own.
pub fn lines_naming(code: &str, name: &str) -> Vec<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let names = |line: &str| line.split(|c| !is_part(c)).any(|word| word == name);
    code.lines()
        .enumerate()
        .filter(|(_, line)| names(line))
        .map(|(index, _)| index + 1)
        .collect()
}

fn blank_out(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some(length) = raw_string(rest) {
            length
        } else if first == '"' {
            quoted(rest)
        } else if first == '\'' {
            character(rest)
        } else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        };
        code.extend(
            rest[..skipped]
                .chars()
                .map(|c| if c == '\n' { '\n' } else { ' ' }),
        );
        rest = &rest[skipped..];
    }
    code
}

/// Length of the block comment that `text` begins with; they nest.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

/// Length of the raw string that `text` begins with, if it does: `r"…"`, `br#"…"#`.
fn raw_string(text: &str) -> Option<usize> {
    let prefix = text.len() - text.trim_start_matches(['b', 'c']).len();
    let body = text
        .get(prefix..)?
        .strip_prefix('r')
        .filter(|_| prefix <= 1)?;
    let hashes = body.len() - body.trim_start_matches('#').len();
    let content = body[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let start = prefix + 1 + hashes + 1;
    Some(
        content
            .find(&close)
            .map_or(text.len(), |end| start + end + close.len()),
    )
}

/// Length of the string literal that `text` begins with.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Length of the character literal that `text` begins with; 1 for a lifetime's quote.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => text[2..]
            .char_indices()
            .skip(1)
            .find(|(_, c)| *c == '\'')
            .map_or(1, |(at, _)| at + 3),
        Some(_) => chars
            .next()
            .filter(|(_, c)| *c == '\'')
            .map_or(1, |(at, _)| at + 1),
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_comments_and_strings_do_not_count() {
        let text = "// TcpStream\n/* TcpStream /* TcpStream */ TcpStream */\nlet s = \"TcpStream \\\" TcpStream\";\nlet r = r#\"TcpStream\"#;\nlet c = '\"'; // TcpStream\n";
        assert_eq!(
            lines_naming(&blank_out(text), "TcpStream"),
            Vec::<usize>::new()
        );
    }

    #[test]
    fn names_in_code_count_with_their_lines() {
        let text = "use std::net::TcpStream;\nfn f<'a>(s: &'a MyTcpStream) {}\nlet q = '\\''; let s: TcpStream;\n";
        assert_eq!(lines_naming(&blank_out(text), "TcpStream"), [1, 3]);
    }
}
