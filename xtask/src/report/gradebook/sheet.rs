//! A gradebook for a spreadsheet: per lab raw points, points that count, days late; and totals.

use super::super::data::standing::LabStanding;
use super::super::view::cohort_page::Summary;
use super::table::{Cell, written};
use crate::fault::Result;

/// The gradebook of all these, a row a student, whoever is missing among them.
///
/// # Errors
/// It cannot be written as CSV.
pub fn sheet(summaries: &[Summary], labs: &[String]) -> Result<String> {
    let head = |text: &str| Cell::Text(text.to_owned());
    let mut header: Vec<Cell> = ["id", "name", "group"].map(head).into();
    for lab in labs {
        header.extend(
            ["raw", "points", "max", "days late"].map(|what| Cell::Text(format!("{lab} {what}"))),
        );
    }
    header.extend(
        [
            "raw total",
            "total",
            "max total",
            "late points",
            "submission",
        ]
        .map(head),
    );
    let mut rows = vec![header];
    rows.extend(summaries.iter().map(|summary| row(summary, labs)));
    written(&rows)
}

fn row(summary: &Summary, labs: &[String]) -> Vec<Cell> {
    let person = &summary.student.person;
    let standing = summary.result.as_ref().map(|result| &result.standing);
    let mut row = vec![
        Cell::Text(person.id.clone()),
        Cell::Text(person.name.clone()),
        Cell::text(summary.student.group.as_deref()),
    ];
    for lab in labs {
        let of_lab = standing.and_then(|standing| standing.lab(lab));
        let number = |what: fn(&LabStanding) -> u32| {
            of_lab.map_or(Cell::Empty, |lab| Cell::Number(what(lab)))
        };
        row.extend([
            number(|lab| lab.raw.reached),
            number(|lab| lab.last().reached),
            number(|lab| lab.raw.max),
            number(|lab| lab.late.map_or(0, |late| late.days)),
        ]);
    }
    match standing {
        Some(standing) => row.extend([
            Cell::Number(standing.raw().reached),
            Cell::Number(standing.last().reached),
            Cell::Number(standing.last().max),
            Cell::Number(standing.late_cost()),
            Cell::Text(summary.student.submissions.join(" ")),
        ]),
        None => row.extend([
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Text("missing".to_owned()),
        ]),
    }
    row
}
