//! Who is in the course: `roster.csv`.

use std::collections::BTreeSet;
use std::path::Path;

use super::table_file::{Columns, TableFile};
use crate::fault::Result;

const COLUMNS: Columns = Columns {
    needed: &["id", "name"],
    known: &[
        "aliases",
        "email",
        "section",
        "canvas_id",
        "sis_id",
        "login",
    ],
};

/// The people of a course, in the order of its file.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    /// One entry a student.
    pub people: Vec<Person>,
}

/// A student, as the roster names them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The id of their submissions.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Other ids that submissions of theirs have: Moodle numbers them anew in each assignment.
    pub aliases: Vec<String>,
    /// Their address, by which Moodle can tell them.
    pub email: Option<String>,
    /// Their section in Canvas.
    pub section: Option<String>,
    /// Canvas's own number of them.
    pub canvas_id: Option<String>,
    /// Their number in the university's system.
    pub sis_id: Option<String>,
    /// What they log in with, where it is not the id.
    pub login: Option<String>,
}

impl Roster {
    /// Reads the roster at `path`.
    ///
    /// # Errors
    /// It cannot be read or meant.
    pub fn read(path: &Path) -> Result<Self> {
        Self::of(&TableFile::read(path, COLUMNS)?)
    }

    fn of(table: &TableFile) -> Result<Self> {
        let mut seen = BTreeSet::new();
        let mut people = Vec::new();
        for row in table.rows() {
            let Some(id) = table.cell(row, "id") else {
                return Err(table.wrong(
                    row,
                    "there is no id",
                    "give that student one, or take the line out",
                ));
            };
            let aliases = table.cell(row, "aliases").unwrap_or_default();
            for id in [id].into_iter().chain(aliases.split_whitespace()) {
                if !seen.insert(id) {
                    return Err(table.wrong(
                        row,
                        &format!("`{id}` stands here twice"),
                        "take one of the two out",
                    ));
                }
            }
            let cell = |column| table.cell(row, column).map(str::to_owned);
            people.push(Person {
                id: id.to_owned(),
                name: cell("name").unwrap_or_else(|| id.to_owned()),
                aliases: aliases.split_whitespace().map(str::to_owned).collect(),
                email: cell("email"),
                section: cell("section"),
                canvas_id: cell("canvas_id"),
                sis_id: cell("sis_id"),
                login: cell("login"),
            });
        }
        Ok(Self { people })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roster(text: &str) -> Result<Roster> {
        Roster::of(&TableFile::parse(text.as_bytes(), "roster.csv", COLUMNS)?)
    }

    #[test]
    fn people_stand_in_the_order_of_the_file() {
        let people = roster("id,name,email\nzoe,Zoë,z@example.org\nada,Ada,\n")
            .unwrap()
            .people;
        assert_eq!(people[0].email.as_deref(), Some("z@example.org"));
        assert_eq!((people[1].id.as_str(), &people[1].email), ("ada", &None));
    }

    #[test]
    fn an_id_is_there_and_is_one_person_s() {
        for (text, told) in [
            (
                "id,name\nada,Ada\nada,Bob\n",
                "roster.csv:3: `ada` stands here twice",
            ),
            (
                "id,name,aliases\nada,Ada,ada_1 ada_2\nbob,Bob,ada_2\n",
                "roster.csv:3: `ada_2` stands here twice",
            ),
            ("id,name\n,Ada\n", "roster.csv:2: there is no id"),
        ] {
            let fault = roster(text).unwrap_err().to_string();
            assert!(fault.contains(told), "{fault}");
        }
    }
}
