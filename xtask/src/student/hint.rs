//! `cargo xtask hint`: one more each time.

use clap::Args;

use super::desk::Desk;
use super::next::Next;
use super::progress::Progress;
use crate::Outcome;
use crate::cli::takes_colour;
use crate::course::rubric::Stage;
use crate::course::workspace::Workspace;
use crate::fault::Result;
use crate::output::page::Page;
use crate::output::paint::Paint;
use crate::output::plain::{line, wrapped};
use crate::output::print;
use crate::report::failure::WIDTH;

/// Which stage to be helped with.
#[derive(Debug, Args)]
pub struct HintArgs {
    /// The stage; without, the one that `progress` names as the next
    #[arg(value_name = "LAB/STAGE")]
    stage: Option<String>,
}

/// Shows the hints so far and one more, and remembers it.
///
/// # Errors
/// There is no such stage, or the progress file cannot be read or written.
pub fn run(workspace: &Workspace, args: &HintArgs) -> Result<Outcome> {
    let paint = Paint::new(takes_colour());
    let page = if let Some(typed) = &args.stage {
        let (desk, stage) = Desk::with_stage(workspace, typed)?;
        one_more(workspace, &desk, &stage, paint)?
    } else {
        let desks = Desk::all(workspace)?;
        let next = Next::of(&desks, &Progress::read(workspace)?, &[]);
        if let Some((desk, stage)) = next.stage() {
            one_more(workspace, desk, stage, paint)?
        } else {
            let mut page = Page::default();
            page.row("every stage is done");
            page.row(" next: to see a hint all the same: cargo xtask hint LAB/STAGE");
            page
        }
    };
    print(&page.into_text())?;
    Ok(Outcome::Done)
}

/// The hints of `stage` so far and one more, which the progress file remembers.
///
/// # Errors
/// The progress file cannot be read or written.
pub fn one_more(workspace: &Workspace, desk: &Desk, stage: &Stage, paint: Paint) -> Result<Page> {
    let mut progress = Progress::read(workspace)?;
    let reached = progress.of_mut(desk, stage);
    let all = stage.hints.len();
    let before = reached.hints.min(all);
    let shown = (before + 1).min(all);
    if shown != before {
        reached.hints = shown;
        progress.save()?;
    }
    Ok(page(desk, stage, shown, before, paint))
}

/// The first `shown` hints; those from `before` on are new.
fn page(desk: &Desk, stage: &Stage, shown: usize, before: usize, paint: Paint) -> Page {
    let all = stage.hints.len();
    let mut page = Page::default();
    page.row(format!(
        "{}  {}",
        paint.head(&desk.path(stage)),
        line(&stage.title)
    ));
    for (index, hint) in stage.hints.iter().take(shown).enumerate() {
        let number = format!("{} of {all}  ", index + 1);
        let rows = wrapped(&line(hint), WIDTH - 2 - number.len());
        page.blank();
        for (row, text) in rows.iter().enumerate() {
            let left = if row == 0 {
                number.clone()
            } else {
                " ".repeat(number.len())
            };
            let text = if index < before {
                paint.faint(text)
            } else {
                text.clone()
            };
            page.row(format!("  {left}{text}"));
        }
    }
    page.blank();
    page.row(match all - shown {
        0 if all == 0 => format!(" next: this stage has no hints; read {}", desk.notes(stage)),
        0 => format!(" next: there are no more; read {}", desk.notes(stage)),
        _ => format!(
            " next: try it; one more: cargo xtask hint {}",
            desk.path(stage)
        ),
    });
    page
}
