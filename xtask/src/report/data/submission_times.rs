//! When submissions came in, by a CSV from the learning platform: never by file times.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::course_file::KnownChecks;
use super::moment::Moment;
use super::table_file::{Columns, TableFile};
use crate::course::nearest::nearest;
use crate::fault::Result;

const COLUMNS: Columns = Columns {
    needed: &["id", "submitted_at"],
    known: &["lab"],
};

/// The times that a platform noted. What it says counts before what a manifest says, which
/// was written on the student's own machine.
#[derive(Debug, Clone, Default)]
pub struct SubmissionTimes {
    of_all: BTreeMap<String, Moment>,
    of_lab: BTreeMap<(String, String), Moment>,
}

impl SubmissionTimes {
    /// Reads the table at `path`, `id,submitted_at` with or without `lab`, which is one of `known`.
    ///
    /// # Errors
    /// It cannot be read or meant.
    pub fn read(path: &Path, known: &KnownChecks) -> Result<Self> {
        Self::of(&TableFile::read(path, COLUMNS)?, known)
    }

    fn of(table: &TableFile, known: &KnownChecks) -> Result<Self> {
        let mut times = Self::default();
        for row in table.rows() {
            let (Some(id), Some(written)) =
                (table.cell(row, "id"), table.cell(row, "submitted_at"))
            else {
                return Err(table.wrong(
                    row,
                    "an id or a time is missing",
                    "fill it in, or take the line out",
                ));
            };
            let moment: Moment = written.parse().map_err(|what: String| {
                table.wrong(row, &what, "write it in RFC 3339, with an offset")
            })?;
            let lab = table.cell(row, "lab");
            if let Some(lab) = lab.filter(|lab| !known.contains_key(*lab)) {
                let labs = || known.keys().map(String::as_str);
                let remedy = match nearest(lab, labs()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("one of: {}", labs().collect::<Vec<_>>().join(", ")),
                };
                return Err(table.wrong(row, &format!("this course has no lab `{lab}`"), &remedy));
            }
            let before = match lab {
                None => times.of_all.insert(id.to_owned(), moment),
                Some(lab) => times.of_lab.insert((id.to_owned(), lab.to_owned()), moment),
            };
            if before.is_some() {
                return Err(table.wrong(
                    row,
                    &format!("`{id}` has two times for the same"),
                    "leave the one that counts",
                ));
            }
        }
        Ok(times)
    }

    /// Whose times the table has.
    pub fn ids(&self) -> BTreeSet<&str> {
        let of_lab = self.of_lab.keys().map(|(id, _)| id);
        self.of_all
            .keys()
            .chain(of_lab)
            .map(String::as_str)
            .collect()
    }

    /// When `id` handed in `lab`, as far as the table says.
    pub fn of_submission(&self, id: &str, lab: &str) -> Option<Moment> {
        let of_lab = self.of_lab.get(&(id.to_owned(), lab.to_owned()));
        of_lab.or_else(|| self.of_all.get(id)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(text: &str) -> Result<SubmissionTimes> {
        let labs = ["udp", "client-basics"].map(|lab| (lab.to_owned(), BTreeSet::new()));
        let table = TableFile::parse(text.as_bytes(), "times.csv", COLUMNS)?;
        SubmissionTimes::of(&table, &labs.into())
    }

    #[test]
    fn a_lab_s_own_time_counts_before_the_submission_s() {
        let times =
            times("id,lab,submitted_at\nada,,2025-10-01T10:00:00Z\nada,udp,2025-10-08T10:00:00Z\n")
                .unwrap();
        let told = |lab| {
            times
                .of_submission("ada", lab)
                .map(|moment| moment.to_string())
        };
        assert_eq!(told("udp").as_deref(), Some("2025-10-08T10:00:00Z"));
        assert_eq!(
            told("client-basics").as_deref(),
            Some("2025-10-01T10:00:00Z")
        );
        assert!(times.of_submission("bob", "udp").is_none());
    }

    #[test]
    fn a_line_that_cannot_be_meant_is_told() {
        for (text, told) in [
            (
                "id,submitted_at\nada,yesterday\n",
                "times.csv:2: `yesterday` is no time",
            ),
            (
                "id,submitted_at\nada,\n",
                "times.csv:2: an id or a time is missing",
            ),
            (
                "id,submitted_at\nada,2025-10-01T10:00:00Z\nada,2025-10-02T10:00:00Z\n",
                "times.csv:3: `ada` has two times",
            ),
            (
                "id,lab,submitted_at\nada,upd,2025-10-01T10:00:00Z\n",
                "times.csv:2: this course has no lab `upd`\n next: did you mean `udp`?",
            ),
        ] {
            let fault = times(text).unwrap_err().to_string();
            assert!(fault.contains(told), "{fault}");
        }
    }
}
