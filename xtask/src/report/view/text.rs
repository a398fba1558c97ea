//! Text for reports: what would be obeyed instead of shown stands in it as an escape.

use std::borrow::Cow;
use std::fmt;

use crate::output::plain;

/// One line of text that holds no control character and no mark that reorders it. Each format
/// still escapes what its own grammar would obey. Most of what a class says is shown as it is, and
/// stays where it was.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text<'a>(Cow<'a, str>);

impl<'a> Text<'a> {
    /// `text`, line ends among its escapes.
    pub fn of(text: impl Into<Cow<'a, str>>) -> Self {
        Self(plain::line(text))
    }

    /// `text` by its lines, tabs as spaces, without empty ones at its end.
    pub fn lines(text: &'a str) -> Vec<Self> {
        let text = text.trim_end_matches(['\r', '\n']);
        plain::each_line(text).map(Self).collect()
    }

    /// As it is to be shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_reorders_or_controls_is_left() {
        let hostile = "a\u{1b}]52;c;eA==\u{7}\u{202e}b\u{0}\r\nc\u{feff}";
        let text = Text::of(hostile);
        assert!(
            !text.as_str().chars().any(testbench::bytes::is_treacherous),
            "{text}"
        );
        assert_eq!(Text::lines("a\tb\r\nc")[0].as_str(), "a    b");
        assert_eq!(Text::lines("\na\n\nb\n\r\n").len(), 4);
        assert!(Text::lines("\n").is_empty());
    }
}
