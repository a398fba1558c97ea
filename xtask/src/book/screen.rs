//! A recorded screen: a comment in a page that names a script, and below it what the script printed.
//!
//! ```text
//! <!-- screen: server-basics/lines -->
//! ```
//!
//! Below the comment, in the next line, stands a `text` block, or a picture of its own.

use std::ops::Range;

use crate::verify::gate::Trouble;

/// How a comment that names a script begins.
const OPENING: &str = "<!-- screen:";
const CLOSING: &str = "-->";

/// Further in, Markdown takes it for code.
const DEEPEST: usize = 3;

/// A screen in a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen {
    /// The script's name, `server-basics/lines`.
    pub name: String,
    /// The line of its comment.
    pub line: usize,
    /// Where what was recorded stands.
    pub shown: Shown,
}

/// Where what was recorded stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// In the page.
    Block {
        /// The bytes between the two lines of backticks.
        text: Range<usize>,
        /// How far they are indented.
        indent: usize,
    },
    /// In a picture of its own.
    Picture {
        /// Its path from the page on.
        path: String,
        /// What its alternative text says.
        alt: String,
    },
}

/// The screens of `page`, whose text is `text`, and what is wrong with others.
pub fn screens(page: &str, text: &str) -> (Vec<Screen>, Vec<Trouble>) {
    let mut found = (Vec::new(), Vec::new());
    let mut lines = Lines::of(text);
    while let Some(line) = lines.next() {
        if let Some(fence) = Fence::opened_by(line.text) {
            lines.skip_to_the_end_of(&fence);
            continue;
        }
        let comment = line.text.trim();
        if !comment.starts_with("<!-- screen") {
            continue;
        }
        match screen(&line, comment, &mut lines) {
            Ok(screen) => found.0.push(screen),
            Err((what, remedy)) => {
                found.1.push(Trouble::new(
                    format!("{page}:{}: {what}", line.number),
                    remedy,
                ));
            }
        }
    }
    found
}

/// What is wrong, and what to do next.
type Wrong = (String, String);

fn screen(at: &Line<'_>, comment: &str, lines: &mut Lines<'_>) -> Result<Screen, Wrong> {
    let wrong = |what: &str, remedy: &str| (what.to_owned(), remedy.to_owned());
    let name = comment
        .strip_prefix(OPENING)
        .and_then(|rest| rest.strip_suffix(CLOSING))
        .map(str::trim)
        .filter(|name| is_name(name))
        .ok_or_else(|| {
            wrong(
                &format!("`{comment}` names no script"),
                "write it like this: <!-- screen: server-basics/lines -->",
            )
        })?;
    let indent = indent_of(at.text);
    if indent > DEEPEST {
        return Err(wrong(
            &format!("the comment of screen `{name}` is indented by {indent}, which makes it code"),
            &format!("indent it by at most {DEEPEST}; an example stands in a block of backticks"),
        ));
    }
    let below = || {
        wrong(
            &format!("there is nothing to write screen `{name}` to"),
            "directly below the comment, as far indented, put ```text and ```, or a picture ![...](....svg)",
        )
    };
    let next = lines.next().ok_or_else(below)?;
    if indent_of(next.text) != indent {
        return Err(below());
    }
    let shown = match next.text.trim_start() {
        "```text" => lines.block(indent).ok_or_else(|| {
            wrong(
                &format!("the block of screen `{name}` has no end"),
                "end it with ```, as far indented as its beginning",
            )
        })?,
        picture => {
            let (alt, path) = picture
                .strip_prefix("![")
                .and_then(|rest| rest.strip_suffix(".svg)"))
                .and_then(|rest| rest.split_once("]("))
                .ok_or_else(below)?;
            Shown::Picture {
                path: format!("{path}.svg"),
                alt: alt.to_owned(),
            }
        }
    };
    Ok(Screen {
        name: name.to_owned(),
        line: at.number,
        shown,
    })
}

impl Shown {
    /// `text` with `recorded` in this block's place.
    pub fn written(&self, text: &str, recorded: &str) -> String {
        let Self::Block {
            text: place,
            indent,
        } = self
        else {
            return text.to_owned();
        };
        let margin = " ".repeat(*indent);
        let rows = recorded.lines().map(|row| match row.trim_end() {
            "" => "\n".to_owned(),
            row => format!("{margin}{row}\n"),
        });
        let rows: String = rows.collect();
        [&text[..place.start], &rows, &text[place.end..]].concat()
    }
}

/// Whether `name` can be that of a script: `server-basics/lines`.
fn is_name(name: &str) -> bool {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty()
        && name
            .split('/')
            .all(|part| !part.is_empty() && part.chars().all(letters))
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// A line of a page.
struct Line<'a> {
    number: usize,
    start: usize,
    text: &'a str,
}

/// The lines of a page that are still to come.
struct Lines<'a> {
    rest: std::iter::Enumerate<std::str::SplitInclusive<'a, char>>,
    at: usize,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            rest: text.split_inclusive('\n').enumerate(),
            at: 0,
        }
    }

    fn next(&mut self) -> Option<Line<'a>> {
        let (index, text) = self.rest.next()?;
        let start = self.at;
        self.at += text.len();
        Some(Line {
            number: index + 1,
            start,
            text: text.trim_end_matches(['\n', '\r']),
        })
    }

    fn skip_to_the_end_of(&mut self, fence: &Fence) {
        while let Some(line) = self.next() {
            if fence.closed_by(line.text) {
                break;
            }
        }
    }

    /// The rest of the block that has just begun.
    fn block(&mut self, indent: usize) -> Option<Shown> {
        let start = self.at;
        while let Some(line) = self.next() {
            if line.text.trim() == "```" {
                let text = start..line.start;
                return (indent_of(line.text) == indent).then_some(Shown::Block { text, indent });
            }
        }
        None
    }
}

/// The backticks that a block of code began with: as many or more end it (CommonMark 4.5).
struct Fence(usize);

impl Fence {
    fn opened_by(line: &str) -> Option<Self> {
        let ticks = ticks_of(line);
        (ticks >= 3).then_some(Self(ticks))
    }

    fn closed_by(&self, line: &str) -> bool {
        let ticks = ticks_of(line);
        ticks >= self.0 && line.trim().len() == ticks
    }
}

fn ticks_of(line: &str) -> usize {
    let line = line.trim_start();
    line.len() - line.trim_start_matches('`').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Page\n\n<!-- screen: a/b -->\n```text\nold\nold\n```\n\n1. x\n\n   <!-- screen: c -->\n   ```text\n   ```\n\n\
        ````text\n<!-- screen: example -->\n```text\n```\n````\n\n<!-- screen: d -->\n![What it says.](img/d.svg)\n";

    fn what_is_wrong_with(text: &str) -> String {
        let (found, troubles) = screens("page.md", text);
        assert_eq!(found, []);
        assert_eq!(troubles.len(), 1, "{troubles:?}");
        troubles[0].what.clone()
    }

    #[test]
    fn screens_are_found_in_pages_lists_and_pictures_and_not_in_examples() {
        let (found, troubles) = screens("page.md", PAGE);
        assert_eq!(troubles, []);
        let told: Vec<_> = found
            .iter()
            .map(|screen| (screen.name.as_str(), screen.line))
            .collect();
        assert_eq!(told, [("a/b", 3), ("c", 11), ("d", 21)]);
        assert_eq!(
            found[2].shown,
            Shown::Picture {
                path: "img/d.svg".to_owned(),
                alt: "What it says.".to_owned()
            }
        );
    }

    #[test]
    fn what_is_recorded_takes_the_block_s_place_and_its_indent() {
        let (found, _) = screens("page.md", PAGE);
        let first = found[0].shown.written(PAGE, "new \n\nlast\n");
        assert_eq!(first, PAGE.replacen("old\nold\n", "new\n\nlast\n", 1));
        let second = found[1].shown.written(PAGE, "one\n");
        assert_eq!(
            second,
            PAGE.replacen("   ```text\n", "   ```text\n   one\n", 1)
        );
        assert_eq!(screens("page.md", &first).1, []);
    }

    #[test]
    fn a_screen_out_of_form_is_told_with_its_line() {
        let cases = [
            (
                "\n<!-- screen a -->\n```text\n```\n",
                "page.md:2: `<!-- screen a -->` names no script",
            ),
            ("<!-- screen: A b -->\n```text\n```\n", "names no script"),
            (
                "<!-- screen: a -->\n\n```text\n```\n",
                "nothing to write screen `a` to",
            ),
            (
                "<!-- screen: a -->\n```\n```\n",
                "nothing to write screen `a` to",
            ),
            (
                "<!-- screen: a -->\n  ```text\n  ```\n",
                "nothing to write screen `a` to",
            ),
            (
                "<!-- screen: a -->\n![x](a.png)\n",
                "nothing to write screen `a` to",
            ),
            ("<!-- screen: a -->", "nothing to write screen `a` to"),
            ("<!-- screen: a -->\n```text\n", "has no end"),
            ("  <!-- screen: a -->\n  ```text\n```\n", "has no end"),
            (
                "    <!-- screen: a -->\n    ```text\n    ```\n",
                "which makes it code",
            ),
        ];
        for (text, expected) in cases {
            let told = what_is_wrong_with(text);
            assert!(told.contains(expected), "{text:?}: {told}");
        }
    }
}
