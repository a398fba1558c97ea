//! `cargo xtask doctor`: what this machine lacks, found by trying, each with its remedy.

mod trial;

use crate::Outcome;
use crate::cli::takes_colour;
use crate::course::workspace::Workspace;
use crate::fault::Result;
use crate::output::page::Page;
use crate::output::paint::Paint;
use crate::output::plain::{line, wrapped};
use crate::output::print;
use crate::report::failure::WIDTH;

/// How wide what a row shows is named.
const LABEL: usize = 14;

/// What was found out about one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    /// What was tried.
    what: &'static str,
    /// What there is, or what went wrong.
    told: String,
    /// What to do, each a paragraph or a text to copy; nothing is to be done if there is none.
    remedies: Vec<Remedy>,
    /// Whether something does not work without it.
    needed: bool,
}

/// A remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Remedy {
    /// A sentence.
    Say(String),
    /// Lines to copy as they are.
    Copy(String),
}

/// Tries everything and tells what was found.
///
/// # Errors
/// The testbench cannot be built, so that isolation cannot be tried.
pub fn examine(workspace: &Workspace) -> Result<Outcome> {
    let paint = Paint::new(takes_colour());
    let mut lacks = false;
    for finding in trial::on_this_machine() {
        lacks |= finding.lacks();
        print(&finding.page(paint).into_text())?;
    }
    if lacks {
        // Without compiler or loopback there is no trying the rest.
        return Ok(Outcome::Failed);
    }
    for finding in trial::of_isolation(workspace)? {
        lacks |= finding.lacks();
        print(&finding.page(paint).into_text())?;
    }
    Ok(if lacks {
        Outcome::Failed
    } else {
        Outcome::Done
    })
}

impl Finding {
    fn there(what: &'static str, told: impl Into<String>) -> Self {
        Self {
            what,
            told: told.into(),
            remedies: Vec::new(),
            needed: true,
        }
    }

    fn missing(what: &'static str, told: impl Into<String>, remedies: Vec<Remedy>) -> Self {
        Self {
            remedies,
            ..Self::there(what, told)
        }
    }

    /// Whether something does not work.
    fn lacks(&self) -> bool {
        self.needed && !self.remedies.is_empty()
    }

    fn page(&self, paint: Paint) -> Page {
        let mut page = Page::default();
        let state = match (self.remedies.is_empty(), self.needed) {
            (true, _) => paint.good("ok      "),
            (false, true) => paint.bad("missing "),
            (false, false) => "missing ".to_owned(),
        };
        let indent = " ".repeat(LABEL + 8);
        for (index, row) in wrapped(&line(&self.told), WIDTH - LABEL - 8)
            .iter()
            .enumerate()
        {
            if index == 0 {
                page.row(format!("{:<LABEL$}{state}{row}", self.what));
            } else {
                page.row(format!("{indent}{row}"));
            }
        }
        for remedy in &self.remedies {
            match remedy {
                Remedy::Say(text) => {
                    let rows = wrapped(&line(text), WIDTH - LABEL - 8);
                    page.rows(rows.iter().map(|row| format!("{indent}{row}")));
                }
                Remedy::Copy(text) => {
                    page.blank();
                    page.rows(text.lines().map(|row| format!("    {row}")));
                    page.blank();
                }
            }
        }
        page
    }
}
