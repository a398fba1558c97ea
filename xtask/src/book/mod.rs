//! `cargo xtask book`: the book, and the screens that are recorded for it.

pub mod mdbook;
pub mod picture;
pub mod programs;
pub mod recorder;
pub mod screen;
pub mod shelf;

use std::path::Path;

use crate::Outcome;
use crate::cli::{BookArgs, takes_colour};
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::output::page::Page as Text;
use crate::output::paint::Paint;
use crate::output::print;
use crate::verify::gate::Gate;
use crate::work::{make_all, write};
use recorder::Recorder;
use screen::Shown;
use shelf::{Shelf, script};

/// Records, checks or builds the book, as it was asked for.
///
/// # Errors
/// There is no book here, a script fails, or mdBook is missing or cannot build the book.
pub fn book(workspace: &Workspace, args: &BookArgs) -> Result<Outcome> {
    if let Some(names) = &args.record {
        return record(workspace, names);
    }
    let shelf = Shelf::of(workspace)?;
    let gate = Gate::through("screens", || Ok(shelf.passage()))?;
    if args.check || !gate.holds() {
        return told(&gate);
    }
    mdbook::build(workspace, args.open)
}

fn told(gate: &Gate) -> Result<Outcome> {
    let paint = Paint::new(takes_colour());
    let mut text = Text::default();
    text.row(gate.row(paint));
    text.below(&gate.troubles(paint));
    print(&text.into_text())?;
    Ok(if gate.holds() {
        Outcome::Done
    } else {
        Outcome::Failed
    })
}

/// Runs the scripts of that name, or all, and writes what they print to where they are shown.
fn record(workspace: &Workspace, names: &[String]) -> Result<Outcome> {
    let shelf = Shelf::of(workspace)?;
    let chosen = shelf.chosen(names)?;
    let gate = Gate::through("screens", || Ok(shelf.passage()))?;
    // Of one's own screen one wants to see more than what others have left undone.
    if names.is_empty() && !gate.holds() {
        return told(&gate);
    }
    for name in &chosen {
        if !shelf.screens().any(|(_, screen)| screen.name == *name) {
            return told(&gate);
        }
    }
    let recorder = Recorder::ready(workspace, &chosen)?;
    for name in chosen {
        // Wherever it is shown, it is the same run.
        let mut text = None;
        for (page, screen) in shelf.screens().filter(|(_, screen)| screen.name == name) {
            let page = page.shown.as_str();
            let place = workspace.root.join(page);
            let changed = match &screen.shown {
                Shown::Block { .. } => {
                    let recorded = match text {
                        Some(ref recorded) => recorded,
                        None => text.insert(recorder.text(name)?),
                    };
                    update(&place, page, name, recorded)?
                }
                Shown::Picture { path, alt } => {
                    let place = place.with_file_name("").join(path);
                    if let Some(folder) = place.parent() {
                        make_all(folder)?;
                    }
                    let recorded = picture::of(&recorder.colours(name)?, alt);
                    put(&place, &recorded)?
                }
            };
            let word = if changed { "recorded" } else { "the same" };
            print(&format!("{word}  {name}  in {page}\n"))?;
        }
    }
    Ok(Outcome::Done)
}

/// Writes `recorded` to every block of the screen `name` in `page`, whose text may have changed
/// since the screens were found: other screens of it were recorded.
fn update(path: &Path, page: &str, name: &str, recorded: &str) -> Result<bool> {
    let failed = |error: &std::io::Error| Fault::io("read", path, error);
    let before = std::fs::read_to_string(path).map_err(|error| failed(&error))?;
    if recorded
        .lines()
        .any(|row| row.trim_start().starts_with("```"))
    {
        return Err(Fault::usage(
            format!("what {} prints would end its own block", script(name)),
            "print no line that begins with ```",
        ));
    }
    let (screens, _) = screen::screens(page, &before);
    let mut text = before.clone();
    // From the end on, so that places further up stay where they are.
    for screen in screens.iter().rev().filter(|screen| screen.name == name) {
        text = screen.shown.written(&text, recorded);
    }
    let changed = text != before;
    if changed {
        write(path, text.as_bytes())?;
    }
    Ok(changed)
}

/// Writes `text` to `path`, unless it stands there.
fn put(path: &Path, text: &str) -> Result<bool> {
    let changed = std::fs::read(path).map_or(true, |before| before != text.as_bytes());
    if changed {
        write(path, text.as_bytes())?;
    }
    Ok(changed)
}
