//! A table under construction, cell by cell.

use super::super::data::standing::Points;
use super::escape::csv;
use crate::fault::{Fault, Result};

/// A cell.
#[derive(Debug, Clone)]
pub enum Cell {
    /// Text of whatever origin.
    Text(String),
    /// A number.
    Number(u32),
    /// Nothing.
    Empty,
}

impl Cell {
    /// Text, or nothing where there is none.
    pub fn text(text: Option<&str>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.to_owned()))
    }

    /// The points reached, or nothing where nothing was graded.
    pub fn reached(points: Option<Points>) -> Self {
        points.map_or(Self::Empty, |points| Self::Number(points.reached))
    }
}

/// The rows as CSV (RFC 4180).
///
/// # Errors
/// Rows of different lengths, which no caller makes.
pub fn written(rows: &[Vec<Cell>]) -> Result<String> {
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::NonNumeric)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let fault = |what: String| {
        Fault::grader(
            format!("a table cannot be written: {what}"),
            "tell whoever keeps this course",
        )
    };
    for row in rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Text(text) => csv(text),
            Cell::Number(number) => number.to_string(),
            Cell::Empty => String::new(),
        });
        writer
            .write_record(cells)
            .map_err(|error| fault(error.to_string()))?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| fault(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| fault(error.to_string()))
}
