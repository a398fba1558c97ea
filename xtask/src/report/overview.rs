//! Points: a line a stage, a total a lab, a total of all.

use testbench::record::{CheckRecord, LabRecord, Record};

use super::human::Titles;
use crate::grade::record::counts;
use crate::output::page::Page;
use crate::output::paint::Paint;
use crate::output::plain::shortened;

/// How long a full bar is.
const BAR: usize = 16;

/// How wide a stage's name is shown at the least.
const NAME: usize = 9;

/// The checks of one stage.
#[derive(Debug, Clone)]
pub struct StageTally<'a> {
    /// The stage's name.
    pub name: &'a str,
    /// Its checks, in the order of the record.
    pub checks: Vec<&'a CheckRecord>,
}

impl<'a> StageTally<'a> {
    /// The stages of a lab, in the order of its record.
    pub fn of_lab(lab: &'a LabRecord) -> Vec<Self> {
        let mut tallies: Vec<Self> = Vec::new();
        for check in &lab.checks {
            match tallies.iter_mut().find(|tally| tally.name == check.stage) {
                Some(tally) => tally.checks.push(check),
                None => tallies.push(Self {
                    name: &check.stage,
                    checks: vec![check],
                }),
            }
        }
        tallies
    }

    /// Points reached, and points that could be.
    pub fn points(&self) -> (u32, u32) {
        let counted = self.checks.iter().filter(|check| counts(check.status));
        counted.fold((0, 0), |(points, max), check| {
            (points + check.points, max + check.max_points)
        })
    }
}

/// The points of every lab.
pub fn overview(record: &Record, titles: &Titles<'_>, paint: Paint) -> Page {
    let mut page = Page::default();
    for lab in &record.labs {
        page.below(&of_lab(lab, titles, paint));
    }
    if record.labs.len() > 1 {
        let points = format!("{} of {} points", record.points, record.max_points);
        let share = percent(record.points, record.max_points);
        page.blank();
        page.row(format!("{}  {points}, {share}", paint.head("all labs")));
    }
    page
}

/// The points of one lab.
pub fn of_lab(lab: &LabRecord, titles: &Titles<'_>, paint: Paint) -> Page {
    let tallies = StageTally::of_lab(lab);
    let names = tallies.iter().map(|tally| tally.name.len());
    let width = names.max().unwrap_or(0).max(NAME);
    let mut page = Page::default();
    page.row(format!("{}  {}", paint.head(&lab.id), titles.lab(&lab.id)));
    for tally in &tallies {
        let (points, max) = tally.points();
        let row = Row {
            name: tally.name,
            width,
            points,
            max,
        };
        page.row(row.text(titles.stage(&lab.id, tally.name), paint));
    }
    if tallies.len() > 1 {
        let row = Row {
            name: "total",
            width,
            points: lab.points,
            max: lab.max_points,
        };
        page.row(row.text(&percent(lab.points, lab.max_points), paint));
    }
    page
}

struct Row<'a> {
    name: &'a str,
    width: usize,
    points: u32,
    max: u32,
}

impl Row<'_> {
    /// `  echo  14 of 18   ###############.....  Echo until the client has finished`
    fn text(&self, said: &str, paint: Paint) -> String {
        let bar = bar(self.points, self.max, BAR);
        let bar = match self.points {
            0 => paint.faint(&bar),
            all if all == self.max => paint.good(&bar),
            _ => bar,
        };
        let Self {
            name,
            width,
            points,
            max,
        } = self;
        let room = super::failure::WIDTH.saturating_sub(2 + width + 2 + 10 + 2 + BAR + 2);
        let said = shortened(said, room);
        format!("  {name:<width$}  {points:>3} of {max:<3}  {bar}  {said}")
    }
}

/// Full only with all points, empty only with none; of `width` characters, two at least.
pub fn bar(points: u32, max: u32, width: usize) -> String {
    if max == 0 {
        return "-".repeat(width);
    }
    let exact = usize::try_from(u64::from(points) * width as u64 / u64::from(max)).unwrap_or(width);
    let filled = match points {
        0 => 0,
        all if all == max => width,
        _ => exact.clamp(1, width - 1),
    };
    format!("{}{}", "#".repeat(filled), ".".repeat(width - filled))
}

/// The share of the points in whole per cent, rounded down: 100 means all.
pub fn percent(points: u32, max: u32) -> String {
    match (u64::from(points) * 100).checked_div(u64::from(max)) {
        Some(percent) => format!("{percent} %"),
        None => "nothing to reach here".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_all_points_fill_the_bar_and_only_none_leave_it_empty() {
        assert_eq!(bar(0, 999, BAR), ".".repeat(BAR));
        assert!(bar(1, 999, BAR).starts_with("#."));
        assert!(bar(998, 999, BAR).ends_with("#."));
        assert_eq!(bar(999, 999, BAR), "#".repeat(BAR));
        assert_eq!(percent(998, 999), "99 %");
    }
}
