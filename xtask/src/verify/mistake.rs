//! A mistake: a stage's file gone wrong in one way, and what its header promises.
//!
//! ```text
//! //! One sentence: what is wrong.
//! //! stage: lines
//! //! fails: lines::a
//! //!        lines::b
//! //! perhaps: lines::c
//! //! meant: lines::a
//! //! says: words of the feedback
//! ```
//!
//! `perhaps:` is for a mistake that is itself a race: checks that it fails or passes as the
//! machine's scheduler will have it. Most mistakes have none.

use std::collections::BTreeSet;
use std::fs;

use crate::course::lab::Lab;
use crate::course::rubric::Stage;
use crate::fault::{Fault, Result};

/// What a header looks like, for who has to mend one.
const FORM: &str = "a header is: `//! What is wrong.`, then `//! stage: S`, `//! fails: S::a` (more below it), `//! meant: S::a`, `//! says: words of its feedback`";

/// A wrong program, and what must become of it.
#[derive(Debug, Clone)]
pub struct Mistake {
    /// Its name, that of its file.
    pub id: String,
    /// Its file, from the workspace on.
    pub shown: String,
    /// Its text.
    pub text: String,
    /// What its header says.
    pub header: Header,
}

/// What a mistake's header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// What is wrong.
    pub sentence: String,
    /// The stage whose file this is.
    pub stage: String,
    /// The checks of that stage that fail.
    pub fails: BTreeSet<String>,
    /// Those that it may fail or pass, since what is wrong is a race.
    pub perhaps: BTreeSet<String>,
    /// The one of those that fail that this mistake is kept for.
    pub meant: String,
    /// Words of that check's feedback.
    pub says: String,
}

impl Mistake {
    /// The mistakes of `lab`, by name.
    ///
    /// # Errors
    /// A file cannot be read, or its header is wrong.
    pub fn of_lab(lab: &Lab) -> Result<Vec<Self>> {
        let folder = lab.solution_folder().join("mistakes");
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let failed = |error: &std::io::Error| Fault::io("read", &folder, error);
        let mut mistakes = Vec::new();
        for entry in fs::read_dir(&folder).map_err(|error| failed(&error))? {
            let path = entry.map_err(|error| failed(&error))?.path();
            let (Some(id), Some("rs")) = (
                path.file_stem().and_then(|stem| stem.to_str()),
                path.extension().and_then(|extension| extension.to_str()),
            ) else {
                continue;
            };
            let text =
                fs::read_to_string(&path).map_err(|error| Fault::io("read", &path, &error))?;
            let shown = lab.shown(&path);
            mistakes.push(Self {
                id: id.to_owned(),
                header: Header::parse(&text, &shown, lab)?,
                shown,
                text,
            });
        }
        mistakes.sort_by(|left, right| left.id.cmp(&right.id));
        Ok(mistakes)
    }

    /// Its stage; the header was checked against the rubric.
    pub fn stage<'a>(&self, lab: &'a Lab) -> Option<&'a Stage> {
        lab.stage(&self.header.stage)
    }
}

impl Header {
    /// Reads the comment at the head of `text` and holds it against the rubric.
    fn parse(text: &str, shown: &str, lab: &Lab) -> Result<Self> {
        let header = Self::fields(text);
        let wrong = |what: &str| Fault::usage(format!("{shown}:1: {what}"), FORM);
        if header.sentence.is_empty() {
            return Err(wrong("the header does not say what is wrong"));
        }
        let Some(stage) = lab.stage(&header.stage) else {
            return Err(wrong(&format!(
                "`stage: {}` names no stage of {}",
                header.stage, lab.name
            )));
        };
        let known = |id: &String| stage.checks.iter().any(|check| check.id == *id);
        let named = header.fails.iter().chain(&header.perhaps);
        if let Some(id) = named.into_iter().find(|id| !known(id)) {
            return Err(wrong(&format!(
                "`{id}` names no check of stage {}",
                stage.name
            )));
        }
        if let Some(id) = header.fails.intersection(&header.perhaps).next() {
            return Err(wrong(&format!(
                "`{id}` fails, or perhaps: it cannot be both"
            )));
        }
        if !header.fails.contains(&header.meant) {
            return Err(wrong(&format!(
                "`meant: {}` is not among those that fail",
                header.meant
            )));
        }
        if header.says.is_empty() {
            return Err(wrong("`says:` is empty"));
        }
        Ok(header)
    }

    fn fields(text: &str) -> Self {
        let mut fields: [(&str, Vec<&str>); 6] =
            ["", "stage:", "fails:", "perhaps:", "meant:", "says:"].map(|key| (key, Vec::new()));
        let mut current = 0;
        for line in text
            .lines()
            .map_while(|line| line.trim_start().strip_prefix("//!"))
        {
            let mut words = line.trim();
            let key = (1..fields.len()).find(|&key| words.starts_with(fields[key].0));
            if let Some(key) = key {
                current = key;
                words = words[fields[key].0.len()..].trim();
            }
            if !words.is_empty() {
                fields[current].1.push(words);
            }
        }
        let [sentence, stage, fails, perhaps, meant, says] =
            fields.map(|(_, words)| words.join(" "));
        let ids = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        Self {
            sentence,
            stage,
            fails: ids(&fails),
            perhaps: ids(&perhaps),
            meant,
            says,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_field_by_field() {
        let header = Header::fields(
            "//! Reads once: a line\n//! may come in two.\n//!\n//! stage: lines\n//! fails: lines::a\n//!        lines::b\n//! perhaps: lines::c\n//! meant: lines::a\n//! says: keep what\n//!       you have\n\nuse std::io;\n//! says: no\n",
        );
        assert_eq!(
            header,
            Header {
                sentence: "Reads once: a line may come in two.".to_owned(),
                stage: "lines".to_owned(),
                fails: ["lines::a", "lines::b"].map(str::to_owned).into(),
                perhaps: ["lines::c"].map(str::to_owned).into(),
                meant: "lines::a".to_owned(),
                says: "keep what you have".to_owned(),
            }
        );
    }
}
