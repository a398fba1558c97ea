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
use crate::course::nearest::nearest;
use crate::course::rubric::{Rubric, Stage};
use crate::fault::{Fault, Result};

/// What a header looks like, for who has to mend one.
const FORM: &str = "a header is: `//! What is wrong.`, then `//! stage: S`, `//! fails: S::a` (more below it), `//! meant: S::a`, `//! says: words of its feedback`";

/// The keys of a header.
const KEYS: [&str; 5] = ["stage", "fails", "perhaps", "meant", "says"];

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
                header: Header::parse(&text, &shown, &lab.name, &lab.rubric)?,
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

/// A row of a header: what it says, and the key that it stands under; the sentence has none.
struct Row<'a> {
    line: usize,
    key: &'a str,
    words: &'a str,
}

/// The rows of the comment at the head of `text`.
fn rows(text: &str) -> Vec<Row<'_>> {
    let comment = text
        .lines()
        .map_while(|line| line.trim_start().strip_prefix("//!"));
    let mut under = "";
    (1..)
        .zip(comment)
        .map(|(line, words)| {
            let mut words = words.trim();
            // A path, `lines::a`, has colons, too.
            if let Some((key, rest)) = words.split_once(':')
                && !rest.starts_with(':')
                && nearest(key, KEYS).is_some()
            {
                (under, words) = (key, rest.trim());
            }
            Row {
                line,
                key: under,
                words,
            }
        })
        .collect()
}

/// What to do instead: the nearest of `names`, or all there are.
fn instead<'a>(asked: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    match nearest(asked, names.clone()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("name one of: {}", names.collect::<Vec<_>>().join(", ")),
    }
}

impl Header {
    /// Reads the comment at the head of `text` and holds it against the rubric of `lab`.
    fn parse(text: &str, shown: &str, lab: &str, rubric: &Rubric) -> Result<Self> {
        let wrong = |line: usize, what: &str, remedy: &str| {
            Err(Fault::usage(format!("{shown}:{line}: {what}"), remedy))
        };
        let rows = rows(text);
        if let Some(Row { line, key, .. }) = rows
            .iter()
            .find(|row| !row.key.is_empty() && !KEYS.contains(&row.key))
        {
            let what = format!("`{key}:` is an unknown key");
            let meant = nearest(key, KEYS).unwrap_or_default();
            return wrong(*line, &what, &format!("did you mean `{meant}:`?"));
        }
        let under = |key: &'static str| rows.iter().filter(move |row| row.key == key);
        let words = |key| -> String {
            let rows = under(key).map(|row| row.words);
            rows.filter(|words| !words.is_empty())
                .collect::<Vec<_>>()
                .join(" ")
        };
        let ids = |key| {
            under(key).flat_map(|row| row.words.split_whitespace().map(move |id| (row.line, id)))
        };
        let line = |key| under(key).next().map(|row| row.line);

        if words("").is_empty() {
            return wrong(1, "the header does not say what is wrong", FORM);
        }
        for key in ["stage", "fails", "meant", "says"] {
            match line(key) {
                None => return wrong(rows.len(), &format!("the header has no `{key}:`"), FORM),
                Some(line) if words(key).is_empty() => {
                    return wrong(line, &format!("`{key}:` is empty"), FORM);
                }
                Some(_) => {}
            }
        }
        let header = Self {
            sentence: words(""),
            stage: words("stage"),
            fails: ids("fails").map(|(_, id)| id.to_owned()).collect(),
            perhaps: ids("perhaps").map(|(_, id)| id.to_owned()).collect(),
            meant: words("meant"),
            says: words("says"),
        };
        let Some(stage) = rubric
            .stages
            .iter()
            .find(|stage| stage.name == header.stage)
        else {
            let what = format!("`stage: {}` names no stage of {lab}", header.stage);
            let stages = rubric.stages.iter().map(|stage| stage.name.as_str());
            return wrong(
                line("stage").unwrap_or(1),
                &what,
                &instead(&header.stage, stages),
            );
        };
        let known = stage.checks.iter().map(|check| check.id.as_str());
        if let Some((line, id)) = ids("fails")
            .chain(ids("perhaps"))
            .find(|(_, id)| !known.clone().any(|known| known == *id))
        {
            let what = format!(
                "`{id}` names no check of stage {} in labs/{lab}/lab.toml",
                stage.name
            );
            return wrong(line, &what, &instead(id, known));
        }
        if let Some((line, id)) = ids("perhaps").find(|(_, id)| header.fails.contains(*id)) {
            return wrong(
                line,
                &format!("`{id}` fails, or perhaps: it cannot be both"),
                "keep it under one of them",
            );
        }
        if !header.fails.contains(&header.meant) {
            let what = format!("`meant: {}` is not among those that fail", header.meant);
            let fails = header.fails.iter().map(String::as_str);
            return wrong(
                line("meant").unwrap_or(1),
                &what,
                &instead(&header.meant, fails),
            );
        }
        Ok(header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "//! Reads once: a line
//! may come in two.
//!
//! stage: lines
//! fails: lines::a
//!        lines::b
//! perhaps: lines::c
//! meant: lines::a
//! says: keep what
//!       you have

use std::io;
//! says: no
";

    fn read(text: &str) -> Result<Header> {
        let checks = ["a", "b", "c", "delayed"].map(|name| {
            format!(
                "[[stage.check]]\nid = \"lines::{name}\"\ntitle = \"t\"\npoints = 1\nmust = [1]\nvisibility = \"public\"\n"
            )
        });
        let rubric = format!(
            "title = \"T\"\nsummary = \"S\"\n[[stage]]\nname = \"lines\"\ntitle = \"L\"\n{}",
            checks.concat()
        );
        let rubric = Rubric::parse(&rubric, "lab.toml").unwrap();
        Header::parse(text, "m.rs", "basics", &rubric)
    }

    #[test]
    fn a_header_is_read_field_by_field() {
        assert_eq!(
            read(HEADER).unwrap(),
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

    #[test]
    fn what_is_wrong_in_a_header_is_told_with_its_line_and_what_was_probably_meant() {
        let cases = [
            (
                ("fails:", "fail:"),
                "m.rs:5: `fail:` is an unknown key\n next: did you mean `fails:`?",
            ),
            (
                ("stage: lines", "stage: line"),
                "m.rs:4: `stage: line` names no stage of basics\n next: did you mean `lines`?",
            ),
            (
                ("       lines::b", "       lines::delay"),
                "m.rs:6: `lines::delay` names no check of stage lines in labs/basics/lab.toml\n next: did you mean `lines::delayed`?",
            ),
            (
                ("perhaps: lines::c", "perhaps: zzz"),
                "m.rs:7: `zzz` names no check of stage lines in labs/basics/lab.toml\n next: name one of: lines::a, lines::b, lines::c, lines::delayed",
            ),
            (
                ("perhaps: lines::c", "perhaps: lines::b"),
                "m.rs:7: `lines::b` fails, or perhaps: it cannot be both",
            ),
            (
                ("meant: lines::a", "meant: lines::c"),
                "m.rs:8: `meant: lines::c` is not among those that fail\n next: did you mean `lines::",
            ),
            (
                ("//! meant: lines::a\n", ""),
                "m.rs:9: the header has no `meant:`\n next: a header is",
            ),
            (
                ("keep what\n//!       you have", ""),
                "m.rs:9: `says:` is empty\n next: a header is",
            ),
            (
                ("Reads once: a line\n//! may come in two.", ""),
                "m.rs:1: the header does not say what is wrong\n next: a header is",
            ),
        ];
        for ((from, to), expected) in cases {
            assert!(HEADER.contains(from), "{from}");
            let told = read(&HEADER.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(told.contains(expected), "{expected} is not in: {told}");
        }
    }
}
