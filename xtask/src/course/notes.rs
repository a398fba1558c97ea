//! The rules that a lab's notes state: numbered MUSTs behind anchors, `<a id="greet-1"></a>`.

use std::fs;
use std::path::Path;

use crate::fault::{Fault, Result};

/// What the notes of a lab demand.
#[derive(Debug, Clone, Default)]
pub struct Notes {
    /// Every rule, in the order of the text.
    pub rules: Vec<Rule>,
    /// Anchors without a number: the sections.
    pub sections: Vec<String>,
}

/// A numbered rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The stage it belongs to.
    pub stage: String,
    /// Its number in that stage.
    pub number: u32,
    /// The line of its anchor.
    pub line: usize,
    /// Whether its sentence says MUST.
    pub demands: bool,
}

impl Notes {
    /// Reads the notes at `path`.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).map_err(|error| Fault::io("read", path, &error))?;
        Ok(Self::parse(&text))
    }

    /// The rules that stand in `text`.
    pub fn parse(text: &str) -> Self {
        const OPENING: &str = "<a id=\"";
        let mut notes = Self::default();
        let mut line = 1;
        let mut pieces = text.split(OPENING);
        line += pieces
            .next()
            .map_or(0, |before| before.matches('\n').count());
        for piece in pieces {
            if let Some((id, rest)) = piece.split_once('"') {
                notes.anchor(id, rest, line);
            }
            line += piece.matches('\n').count();
        }
        notes
    }

    /// Notes the anchor `id`, which `rest` follows up to the next anchor.
    fn anchor(&mut self, id: &str, rest: &str, line: usize) {
        let numbered = id
            .rsplit_once('-')
            .and_then(|(stage, number)| Some((stage, number.parse().ok()?)));
        let Some((stage, number)) = numbered else {
            self.sections.push(id.to_owned());
            return;
        };
        let sentence = rest.split("\n\n").next().unwrap_or_default();
        self.rules.push(Rule {
            stage: stage.to_owned(),
            number,
            line,
            demands: sentence.contains("MUST"),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_found_with_their_stage_number_and_line() {
        let notes = Notes::parse(
            "# Lab\n\n<a id=\"by-hand\"></a>\n## Stage\n\n1. <a id=\"by-hand-1\"></a>It\n   **MUST** x.\n2. <a id=\"by-hand-2\"></a>It may.\n\nMUST of others\n",
        );
        assert_eq!(notes.sections, ["by-hand"]);
        let rule = |number, line, demands| Rule {
            stage: "by-hand".to_owned(),
            number,
            line,
            demands,
        };
        assert_eq!(notes.rules, [rule(1, 6, true), rule(2, 8, false)]);
    }
}
