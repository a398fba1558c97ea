//! Progress on a terminal: stages, points, what comes next.

use super::{Progress, State};
use crate::output::page::Page;
use crate::output::paint::Paint;
use crate::output::plain::{line, shortened, wrapped};
use crate::report::failure::WIDTH;
use crate::report::overview::bar;
use crate::report::stage::counted;
use crate::student::desk::{Desk, hidden, points, public};
use crate::student::next::Next;

/// How long a bar is: beside it titles have room.
const BAR: usize = 10;

/// The labs: each stage of those that are begun or `wanted`, a line for each other.
pub fn of(desks: &[Desk], progress: &Progress, wanted: &[String], paint: Paint) -> Page {
    let mut page = Page::default();
    let mut brief = Page::default();
    let names = desks.iter().map(|desk| desk.lab.name.len()).max();
    for desk in desks {
        let asked = wanted.contains(&desk.lab.name);
        if asked || wanted.is_empty() && progress.has_begun(desk) {
            page.below(&in_full(desk, progress, paint));
        } else if wanted.is_empty() {
            let stages = counted(desk.lab.rubric.stages.len(), "stage");
            let title = line(&desk.lab.rubric.title);
            let name = format!("{:<1$}", desk.lab.name, names.unwrap_or(0));
            brief.row(format!("{}  {stages}, {title}", paint.head(&name)));
        }
    }
    page.below(&brief);
    page.below(&total(desks, progress));
    let here: Vec<&str> = wanted.iter().map(String::as_str).collect();
    page.blank();
    page.rows(Next::of(desks, progress, &here).rows(false));
    page
}

fn in_full(desk: &Desk, progress: &Progress, paint: Paint) -> Page {
    let stages = &desk.lab.rubric.stages;
    let width = stages.iter().map(|stage| stage.name.len()).max();
    let mut page = Page::default();
    let title = line(&desk.lab.rubric.title);
    page.row(format!("{}  {title}", paint.head(&desk.lab.name)));
    for stage in stages {
        let (reached, max) = (progress.points(desk, stage), points(public(stage)));
        let state = progress.state(desk, stage);
        let word = match state {
            State::ToDo => paint.faint("to do  "),
            State::Begun => "begun  ".to_owned(),
            State::Changed => "changed".to_owned(),
            State::Done => paint.good("done   "),
        };
        let name = format!("{:<1$}", stage.name, width.unwrap_or(0));
        let left = format!(
            "{name}  {word}  {reached:>3} of {max:<3}  {}",
            bar(reached, max, BAR)
        );
        let used = name.len() + 2 + 7 + 2 + 10 + 2 + BAR + 2 + 2;
        let hints = match progress.of(desk, stage).hints {
            0 => String::new(),
            count => format!(" ({})", counted(count, "hint")),
        };
        let title = shortened(&line(&stage.title), WIDTH - used - hints.len());
        page.row(format!("  {left}  {title}{hints}"));
    }
    page
}

fn total(desks: &[Desk], progress: &Progress) -> Page {
    let stages = || {
        desks.iter().flat_map(|desk| {
            desk.lab
                .rubric
                .stages
                .iter()
                .map(move |stage| (desk, stage))
        })
    };
    let done = stages().filter(|(desk, stage)| progress.state(desk, stage) == State::Done);
    let reached: u32 = stages()
        .map(|(desk, stage)| progress.points(desk, stage))
        .sum();
    let max: u32 = stages().map(|(_, stage)| points(public(stage))).sum();
    let more: u32 = stages().map(|(_, stage)| points(hidden(stage))).sum();
    let told = format!(
        "{} of {} done; {reached} of {max} points of public checks. Hidden checks are worth {more} more.",
        done.count(),
        counted(stages().count(), "stage"),
    );
    let mut page = Page::default();
    page.rows(wrapped(&told, WIDTH));
    if stages().any(|(desk, stage)| progress.state(desk, stage) == State::Changed) {
        page.row("`changed`: the file is not the one that was tried last.");
    }
    page
}
