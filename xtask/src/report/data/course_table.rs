//! The keys of `course.toml`, as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::course_file::Level;
use crate::course::nearest::nearest;
use crate::course::rubric::line_of;
use crate::fault::{Fault, Result};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CourseTable {
    pub(super) title: Option<String>,
    pub(super) book: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) labs: BTreeMap<Spanned<String>, LabTable>,
    pub(super) late: Option<LateTable>,
    #[serde(default)]
    pub(super) extension: Vec<ExtensionTable>,
    #[serde(default)]
    pub(super) groups: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) void: Vec<VoidTable>,
    #[serde(default)]
    pub(super) visibility: VisibilityTable,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LabTable {
    pub(super) due: Spanned<Datetime>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LateTable {
    pub(super) percent_per_day: Spanned<u32>,
    #[serde(default)]
    pub(super) grace_minutes: u32,
    pub(super) most_days: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtensionTable {
    pub(super) student: Spanned<String>,
    pub(super) lab: Option<Spanned<String>>,
    pub(super) days: Option<u32>,
    pub(super) until: Option<Spanned<Datetime>>,
    /// For whoever keeps the course; no report shows it.
    #[serde(rename = "why")]
    _why: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VoidTable {
    pub(super) lab: Spanned<String>,
    pub(super) check: Spanned<String>,
    pub(super) why: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VisibilityTable {
    pub(super) public: Option<Level>,
    pub(super) hidden: Option<Level>,
    pub(super) nothing_until: Option<Spanned<Datetime>>,
}

/// Reads the tables; `shown` is what the file is called in messages.
pub(super) fn parse(text: &str, shown: &str) -> Result<CourseTable> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        let what = error.message().trim_end();
        let remedy = match meant(what) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if what.contains("datetime") => {
                "write it with time and offset, without quotes: 2025-10-20T12:00:00+02:00"
                    .to_owned()
            }
            None => "mend that line; docs/src/instructors/course-file.md has every key".to_owned(),
        };
        Fault::usage(format!("{shown}:{line}: {what}"), remedy)
    })
}

/// What was probably meant, from serde's "unknown field `a`, expected one of `b`, `c`".
fn meant(message: &str) -> Option<&str> {
    if !message.starts_with("unknown ") {
        return None;
    }
    let mut names = message.split('`').skip(1).step_by(2);
    let written = names.next()?;
    nearest(written, names)
}
