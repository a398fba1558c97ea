//! `cargo xtask progress`.

use clap::Args;

use super::{Progress, page};
use crate::Outcome;
use crate::cli::takes_colour;
use crate::course::selection::Asked;
use crate::course::workspace::Workspace;
use crate::fault::Result;
use crate::output::paint::Paint;
use crate::output::print;
use crate::student::desk::Desk;

/// Whose progress to show.
#[derive(Debug, Args)]
pub struct ProgressArgs {
    /// Only these labs, and every stage of them
    #[arg(value_name = "LAB")]
    labs: Vec<String>,
}

/// Shows what is done, and what comes next.
///
/// # Errors
/// A rubric or the progress file is wrong, or a file cannot be read.
pub fn run(workspace: &Workspace, args: &ProgressArgs) -> Result<Outcome> {
    let progress = Progress::read(workspace)?;
    let desks = Desk::all(workspace)?;
    let mut shown = Vec::new();
    for name in &args.labs {
        shown.push(Asked::parse(name).lab(workspace)?.name);
    }
    let page = page::of(&desks, &progress, &shown, Paint::new(takes_colour()));
    print(&page.into_text())?;
    Ok(Outcome::Done)
}
