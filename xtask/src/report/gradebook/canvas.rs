//! The columns that Canvas imports: who, and a column an assignment, with what it is worth.

use super::super::data::standing::LabStanding;
use super::super::view::cohort_page::Summary;
use super::table::{Cell, written};
use crate::fault::Result;

/// The columns by which Canvas knows a student, as its own export writes them.
const WHO: [&str; 5] = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"];

/// A gradebook for Canvas; `worth` says what each lab is worth. Who has no result keeps what
/// Canvas has.
///
/// # Errors
/// It cannot be written as CSV.
pub fn canvas(summaries: &[Summary], labs: &[String], worth: &[u32]) -> Result<String> {
    let mut header: Vec<Cell> = WHO.map(|name| Cell::Text(name.to_owned())).into();
    header.extend(labs.iter().map(|lab| Cell::Text(lab.clone())));
    // Canvas finds this row by its words, spaces included.
    let mut possible = vec![Cell::Text("    Points Possible".to_owned())];
    possible.extend([Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty]);
    possible.extend(worth.iter().map(|points| Cell::Number(*points)));
    let mut rows = vec![header, possible];
    for summary in summaries {
        let Some(result) = &summary.result else {
            continue;
        };
        let person = &summary.student.person;
        let mut row = vec![
            Cell::Text(person.name.clone()),
            Cell::text(person.canvas_id.as_deref()),
            Cell::text(person.sis_id.as_deref()),
            Cell::Text(person.login.clone().unwrap_or_else(|| person.id.clone())),
            Cell::text(person.section.as_deref()),
        ];
        let labs = labs.iter().map(|lab| result.standing.lab(lab));
        row.extend(labs.map(|lab| Cell::reached(lab.map(LabStanding::last))));
        rows.push(row);
    }
    written(&rows)
}
