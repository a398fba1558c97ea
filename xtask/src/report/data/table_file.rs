//! CSV files that people keep: read strictly, and complained about with their line.

use std::fs;
use std::path::Path;

use memchr::memchr_iter;

use crate::course::nearest::nearest;
use crate::fault::{Fault, Result};

/// The columns that a kind of table has.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    /// Those that must be there.
    pub needed: &'static [&'static str],
    /// Those that may be.
    pub known: &'static [&'static str],
}

/// A table, its header found right.
#[derive(Debug)]
pub struct TableFile {
    /// What it is called in messages.
    pub shown: String,
    header: Vec<String>,
    rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug)]
pub struct Row {
    /// Its line in the file.
    pub line: u64,
    cells: Vec<String>,
}

impl TableFile {
    /// Reads the table at `path`.
    ///
    /// # Errors
    /// The file cannot be read, or its header or one of its rows cannot be meant.
    pub fn read(path: &Path, columns: Columns) -> Result<Self> {
        let bytes = fs::read(path).map_err(|error| Fault::io("read", path, &error))?;
        Self::parse(&bytes, &path.display().to_string(), columns)
    }

    /// As [`TableFile::read`], from its bytes.
    ///
    /// # Errors
    /// As [`TableFile::read`].
    pub fn parse(bytes: &[u8], shown: &str, columns: Columns) -> Result<Self> {
        // Spreadsheets like to begin a file with U+FEFF.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(bytes);
        let wrong = |error: &csv::Error| {
            let line = error.position().map_or(1, |at| line_at(bytes, at));
            Fault::usage(
                format!("{shown}:{line}: {}", cause(error)),
                "mend that line: UTF-8, columns parted by commas, as many as in the first line",
            )
        };
        let header = reader.headers().map_err(|error| wrong(&error))?;
        let header: Vec<String> = header.iter().map(str::to_lowercase).collect();
        check_header(&header, shown, columns)?;
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| wrong(&error))?;
            let line = record.position().map_or(0, |at| line_at(bytes, at));
            if record.iter().any(|cell| cell.contains(['\r', '\n'])) {
                return Err(Fault::usage(
                    format!("{shown}:{line}: a cell goes on in the next line"),
                    "close its quote, or write it in one line",
                ));
            }
            rows.push(Row {
                line,
                cells: record.iter().map(str::to_owned).collect(),
            });
        }
        Ok(Self {
            shown: shown.to_owned(),
            header,
            rows,
        })
    }

    /// Its rows.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// What stands in `row` under `column`, if anything does.
    pub fn cell<'a>(&self, row: &'a Row, column: &str) -> Option<&'a str> {
        let index = self.header.iter().position(|known| known == column)?;
        row.cells
            .get(index)
            .map(String::as_str)
            .filter(|cell| !cell.is_empty())
    }

    /// A fault in `row`.
    pub fn wrong(&self, row: &Row, what: &str, remedy: &str) -> Fault {
        Fault::usage(format!("{}:{}: {what}", self.shown, row.line), remedy)
    }
}

fn check_header(header: &[String], shown: &str, columns: Columns) -> Result<()> {
    let all = || columns.needed.iter().chain(columns.known).copied();
    if let [only] = header
        && only.contains(';')
    {
        return Err(Fault::usage(
            format!("{shown}:1: its columns are parted by semicolons"),
            "save it with commas: CSV (comma delimited), UTF-8",
        ));
    }
    for name in header {
        if !all().any(|known| known == name) {
            let remedy = match nearest(name, all()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("known are {}", all().collect::<Vec<_>>().join(", ")),
            };
            let what = format!("{shown}:1: unknown column `{name}`");
            return Err(Fault::usage(what, remedy));
        }
    }
    for needed in columns.needed {
        if !header.iter().any(|name| name == needed) {
            return Err(Fault::usage(
                format!("{shown}:1: there is no column `{needed}`"),
                format!(
                    "the first line names the columns: {}",
                    columns.needed.join(",")
                ),
            ));
        }
    }
    Ok(())
}

/// The line, counted from 1, of the row that begins at `position`, or behind the line ends there:
/// the reader sees the second half of a CR LF only when it reads on.
fn line_at(bytes: &[u8], position: &csv::Position) -> u64 {
    let at = usize::try_from(position.byte())
        .unwrap_or(usize::MAX)
        .min(bytes.len());
    let (before, rest) = bytes.split_at(at);
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    let passed = &bytes[..before.len() + blank.count()];
    1 + memchr_iter(b'\n', passed).count() as u64
}

fn cause(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("{len} columns, and the first line has {expected_len}"),
        csv::ErrorKind::Utf8 { .. } => "this is no UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: Columns = Columns {
        needed: &["id", "name"],
        known: &["email"],
    };

    fn fault_of(bytes: &[u8]) -> String {
        TableFile::parse(bytes, "roster.csv", COLUMNS)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_quote_that_is_not_closed_swallows_nobody() {
        let told = fault_of(b"id,name\nbob,\"Bob\neve,Eve\ndave,Dave\n");
        assert!(
            told.contains("roster.csv:2: a cell goes on in the next line"),
            "{told}"
        );
    }

    #[test]
    fn semicolons_are_told_as_what_they_are() {
        let told = fault_of(b"id;name\nbob;Bob\n");
        assert!(told.contains("parted by semicolons"), "{told}");
    }

    #[test]
    fn a_spreadsheet_s_table_is_read_in_any_order_of_its_columns() {
        let bytes = b"\xef\xbb\xbfName, ID\r\n\"Lovelace, Ada\",ada\r\n";
        let table = TableFile::parse(bytes, "roster.csv", COLUMNS).unwrap();
        let row = &table.rows()[0];
        assert_eq!(table.cell(row, "id"), Some("ada"));
        assert_eq!(table.cell(row, "name"), Some("Lovelace, Ada"));
        assert_eq!(table.cell(row, "email"), None);
        assert_eq!(row.line, 2);
    }

    #[test]
    fn each_fault_is_told_with_its_line() {
        for (bytes, told) in [
            (
                &b"id,nam\n"[..],
                "roster.csv:1: unknown column `nam`\n next: did you mean `name`?",
            ),
            (b"id,email\n", "roster.csv:1: there is no column `name`"),
            (
                b"id,name\nada\n",
                "roster.csv:2: 1 columns, and the first line has 2",
            ),
            (b"id,name\nada,\xff\n", "roster.csv:2: this is no UTF-8"),
        ] {
            let fault = fault_of(bytes);
            assert!(fault.contains(told), "{told} is not in: {fault}");
        }
    }
}
