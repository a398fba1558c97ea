//! The columns that Moodle's grade import maps: id number or address, and a column a grade item.

use super::super::data::standing::LabStanding;
use super::super::view::cohort_page::Summary;
use super::table::{Cell, written};
use crate::fault::Result;

/// A gradebook for Moodle. Who has no result keeps what Moodle has.
///
/// # Errors
/// It cannot be written as CSV.
pub fn moodle(summaries: &[Summary], labs: &[String]) -> Result<String> {
    let mut header: Vec<Cell> = ["ID number", "Email address", "Full name"]
        .map(|name| Cell::Text(name.to_owned()))
        .into();
    header.extend(labs.iter().map(|lab| Cell::Text(lab.clone())));
    let mut rows = vec![header];
    for summary in summaries {
        let Some(result) = &summary.result else {
            continue;
        };
        let person = &summary.student.person;
        let mut row = vec![
            Cell::Text(person.sis_id.clone().unwrap_or_else(|| person.id.clone())),
            Cell::text(person.email.as_deref()),
            Cell::Text(person.name.clone()),
        ];
        let labs = labs.iter().map(|lab| result.standing.lab(lab));
        row.extend(labs.map(|lab| Cell::reached(lab.map(LabStanding::last))));
        rows.push(row);
    }
    written(&rows)
}
