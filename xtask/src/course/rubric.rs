//! The rubric: a lab's stages and checks, read from its `lab.toml`.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use memchr::memchr_iter;
use serde::Deserialize;
use testbench::allowance::{Allowance, Allowances};
use testbench::record::Visibility;
use toml::Spanned;

use super::nearest::nearest;
use crate::fault::{Fault, Result};

/// A lab's `lab.toml`, read and found consistent.
#[derive(Debug, Clone)]
pub struct Rubric {
    /// The lab's title.
    pub title: String,
    /// One sentence about the lab.
    pub summary: String,
    /// Its stages, in the order in which they are done.
    pub stages: Vec<Stage>,
}

/// A stage: one file that the student writes.
#[derive(Debug, Clone)]
pub struct Stage {
    /// Its name and subcommand, `by-hand`.
    pub name: String,
    /// Its module, `by_hand`; its file is `by_hand.rs`.
    pub module: String,
    /// Its title.
    pub title: String,
    /// Hints, one by one.
    pub hints: Vec<String>,
    /// Its checks, in the order in which they are shown.
    pub checks: Vec<Check>,
    /// Rules of its notes that no check judges, each with the reason.
    pub unjudged: Vec<Unjudged>,
    /// What its programs may do that the others may not.
    pub allow: Vec<Allowance>,
}

/// A check as the rubric describes it.
#[derive(Debug, Clone)]
pub struct Check {
    /// The path of its test function, `by_hand::returns_what_it_got`.
    pub id: String,
    /// What it looks for, in a few words.
    pub title: String,
    /// What it is worth.
    pub points: u32,
    /// The numbers of the rules that it judges.
    pub must: Vec<u32>,
    /// Whether students have its text.
    pub visibility: Visibility,
    /// Checks whose failure explains this one's.
    pub after: Vec<String>,
    /// Its line in `lab.toml`.
    pub line: usize,
}

/// A rule of the notes that no check can judge.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unjudged {
    /// The number of the rule.
    pub must: u32,
    /// Why no check judges it.
    pub why: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RubricTable {
    title: String,
    summary: String,
    stage: Vec<StageTable>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StageTable {
    name: Spanned<String>,
    title: String,
    #[serde(default)]
    hints: Vec<String>,
    #[serde(default)]
    check: Vec<CheckTable>,
    #[serde(default)]
    unjudged: Vec<Unjudged>,
    #[serde(default)]
    allow: Vec<Allowance>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckTable {
    id: Spanned<String>,
    title: String,
    points: Spanned<u32>,
    must: Spanned<Vec<u32>>,
    visibility: Visibility,
    #[serde(default)]
    after: Vec<Spanned<String>>,
}

impl Rubric {
    /// Reads and checks the rubric at `path`, called `shown` in messages.
    ///
    /// # Errors
    /// The file cannot be read, has an unknown key, or contradicts itself; the message
    /// says in which line.
    pub fn read(path: &Path, shown: &str) -> Result<Self> {
        let text = fs::read_to_string(path).map_err(|error| Fault::io("read", path, &error))?;
        Self::parse(&text, shown)
    }

    /// As [`Rubric::read`], from the text itself.
    ///
    /// # Errors
    /// As [`Rubric::read`].
    pub fn parse(text: &str, shown: &str) -> Result<Self> {
        let table: RubricTable = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            Fault::usage(
                format!("{shown}:{line}: {}", error.message().trim_end()),
                "mend that line; what a rubric says is in docs/src/authors/anatomy.md#the-rubric",
            )
        })?;
        Reader {
            text,
            shown,
            seen: HashSet::new(),
        }
        .rubric(table)
    }

    /// Every check with its stage, in the order of the rubric.
    pub fn checks(&self) -> impl Iterator<Item = (&Stage, &Check)> {
        self.stages
            .iter()
            .flat_map(|stage| stage.checks.iter().map(move |check| (stage, check)))
    }

    /// What each stage is allowed, as the checks are told it.
    pub fn allowances(&self) -> Allowances {
        let allowed = self.stages.iter().filter(|stage| !stage.allow.is_empty());
        allowed
            .map(|stage| (stage.name.clone(), stage.allow.clone()))
            .collect()
    }
}

impl Stage {
    /// The file that the student writes, `by_hand.rs`.
    pub fn file(&self) -> String {
        format!("{}.rs", self.module)
    }
}

/// Turns tables into a rubric, and remembers what it has read for the checks of consistency.
struct Reader<'a> {
    text: &'a str,
    shown: &'a str,
    /// Stage names and check ids so far.
    seen: HashSet<String>,
}

impl Reader<'_> {
    fn rubric(mut self, table: RubricTable) -> Result<Rubric> {
        if table.stage.is_empty() {
            return Err(self.wrong(0, "a lab has at least one [[stage]]", "write one"));
        }
        let mut stages = Vec::new();
        for stage in table.stage {
            stages.push(self.stage(stage)?);
        }
        Ok(Rubric {
            title: table.title,
            summary: table.summary,
            stages,
        })
    }

    fn stage(&mut self, table: StageTable) -> Result<Stage> {
        let at = table.name.span().start;
        let name = table.name.into_inner();
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || !name.chars().all(letters) {
            return Err(self.wrong(
                at,
                &format!("`{name}` is no name for a stage"),
                "use lower-case letters, digits and hyphens: it is a subcommand",
            ));
        }
        if !self.seen.insert(name.clone()) {
            return Err(self.wrong(
                at,
                &format!("there are two stages `{name}`"),
                "give one of them another name",
            ));
        }
        if table.check.is_empty() {
            return Err(self.wrong(
                at,
                &format!("stage `{name}` has no check"),
                "write a [[stage.check]] for it",
            ));
        }
        let module = name.replace('-', "_");
        let mut checks = Vec::new();
        for check in table.check {
            checks.push(self.check(check, &module)?);
        }
        Ok(Stage {
            name,
            module,
            title: table.title,
            hints: table.hints,
            checks,
            unjudged: table.unjudged,
            allow: table.allow,
        })
    }

    fn check(&mut self, table: CheckTable, module: &str) -> Result<Check> {
        let at = table.id.span().start;
        let id = table.id.into_inner();
        let function = id
            .strip_prefix(module)
            .and_then(|rest| rest.strip_prefix("::"));
        if function.is_none_or(str::is_empty) {
            return Err(self.wrong(
                at,
                &format!("check `{id}` is in the stage whose file is `{module}.rs`"),
                &format!("its id is the path of its test function: {module}::what_it_looks_for"),
            ));
        }
        for after in &table.after {
            self.earlier(after)?;
        }
        if !self.seen.insert(id.clone()) {
            return Err(self.wrong(
                at,
                &format!("there are two checks `{id}`"),
                "give one of them, and its test, another name",
            ));
        }
        if *table.points.get_ref() == 0 {
            return Err(self.wrong(
                table.points.span().start,
                "a check is worth at least 1 point",
                "give it one",
            ));
        }
        if table.must.get_ref().is_empty() || table.must.get_ref().contains(&0) {
            return Err(self.wrong(
                table.must.span().start,
                "a check judges at least one rule, and rules count from 1",
                "name the MUST of the stage's notes, for example: must = [1]",
            ));
        }
        Ok(Check {
            id,
            title: table.title,
            points: table.points.into_inner(),
            must: table.must.into_inner(),
            visibility: table.visibility,
            after: table.after.into_iter().map(Spanned::into_inner).collect(),
            line: line_of(self.text, at),
        })
    }

    /// `after` names a check that stands further up.
    fn earlier(&self, after: &Spanned<String>) -> Result<()> {
        let name = after.get_ref();
        if name.contains("::") && self.seen.contains(name) {
            return Ok(());
        }
        let ids = self.seen.iter().filter(|id| id.contains("::"));
        let remedy = match nearest(name, ids.map(String::as_str)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "name a check that stands further up in this file".to_owned(),
        };
        Err(self.wrong(
            after.span().start,
            &format!("`after` names `{name}`, and no check above has that id"),
            &remedy,
        ))
    }

    fn wrong(&self, offset: usize, what: &str, remedy: &str) -> Fault {
        let line = line_of(self.text, offset);
        Fault::usage(format!("{}:{line}: {what}", self.shown), remedy)
    }
}

/// The line, counted from 1, that the byte at `offset` stands in.
pub fn line_of(text: &str, offset: usize) -> usize {
    let before = &text.as_bytes()[..offset.min(text.len())];
    1 + memchr_iter(b'\n', before).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUBRIC: &str = r#"title = "Lab"
summary = "A lab."
[[stage]]
name = "by-hand"
title = "By hand"
[[stage.check]]
id = "by_hand::first"
title = "the first"
points = 2
must = [1]
visibility = "public"
[[stage.check]]
id = "by_hand::second"
title = "the second"
points = 1
must = [1, 2]
visibility = "hidden"
after = ["by_hand::first"]
"#;

    fn fault_of(text: &str) -> String {
        Rubric::parse(text, "lab.toml").unwrap_err().to_string()
    }

    #[test]
    fn a_consistent_rubric_is_read() {
        let rubric = Rubric::parse(RUBRIC, "lab.toml").unwrap();
        let stage = &rubric.stages[0];
        assert_eq!(
            (stage.name.as_str(), stage.file()),
            ("by-hand", "by_hand.rs".to_owned())
        );
        assert_eq!(stage.checks[1].after, ["by_hand::first"]);
        assert_eq!(stage.checks[1].line, 13);
        assert!(rubric.allowances().is_empty());
    }

    #[test]
    fn what_a_stage_is_allowed_is_told_by_its_name() {
        let allowing = RUBRIC.replace(
            "title = \"By hand\"",
            "title = \"By hand\"\nallow = [\"files\", \"path-sockets\"]",
        );
        let rubric = Rubric::parse(&allowing, "lab.toml").unwrap();
        assert_eq!(
            rubric.allowances()["by-hand"],
            [Allowance::Files, Allowance::PathSockets]
        );
    }

    #[test]
    fn each_contradiction_is_told_with_its_line() {
        let cases = [
            (
                ("points = 2", "points = 2\ncolour = 3"),
                "lab.toml:10: unknown field `colour`",
            ),
            (("points = 2", "points = 2.5"), "lab.toml:9: "),
            (("points = 2", "points = 0"), "lab.toml:9: a check is worth"),
            (
                ("must = [1]\n", "must = []\n"),
                "lab.toml:10: a check judges",
            ),
            (
                ("by_hand::second", "by_hand::first"),
                "lab.toml:13: there are two checks",
            ),
            (
                ("id = \"by_hand::second", "id = \"echo::second"),
                "lab.toml:13: check `echo::second`",
            ),
            (
                ("[\"by_hand::first\"]", "[\"by_hand::frist\"]"),
                "did you mean `by_hand::first`?",
            ),
            (
                ("title = \"By hand\"", "allow = [\"fork\"]"),
                "lab.toml:5: unknown variant `fork`",
            ),
            (
                ("name = \"by-hand\"", "name = \"By hand\""),
                "lab.toml:4: `By hand` is no name",
            ),
        ];
        for ((from, to), expected) in cases {
            assert!(RUBRIC.contains(from), "{from}");
            let told = fault_of(&RUBRIC.replace(from, to));
            assert!(told.contains(expected), "{expected} is not in: {told}");
        }
    }
}
