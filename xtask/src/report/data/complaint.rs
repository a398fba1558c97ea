//! Something that is not as it should be and that stops no report: told, and reported around.

use std::fmt;

use crate::output::plain::line;

/// How many students a complaint names.
const NAMED: usize = 8;

/// What is wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// What is wrong.
    pub what: String,
    /// What to do next.
    pub remedy: String,
    /// Whether something is missing from the reports because of it.
    pub incomplete: bool,
}

impl Complaint {
    /// Something that is worth a look.
    pub fn note(what: impl fmt::Display, remedy: impl fmt::Display) -> Self {
        Self {
            what: line(what.to_string()).into_owned(),
            remedy: line(remedy.to_string()).into_owned(),
            incomplete: false,
        }
    }

    /// Something because of which a student's work is missing from the reports.
    pub fn gap(what: impl fmt::Display, remedy: impl fmt::Display) -> Self {
        Self {
            incomplete: true,
            ..Self::note(what, remedy)
        }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "note: {}\nnext: {}", self.what, self.remedy)
    }
}

/// `ada, bob and 5 more`.
pub fn some_of(names: &[&str]) -> String {
    match names {
        [] | [_] => names.concat(),
        _ if names.len() <= NAMED => names.join(", "),
        _ => format!(
            "{} and {} more",
            names[..NAMED].join(", "),
            names.len() - NAMED
        ),
    }
}
