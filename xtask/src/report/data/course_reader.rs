//! From the tables of `course.toml` to the course: whatever they name must exist.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;
use toml::value::Datetime;

use super::course_file::{CourseFile, Extension, KnownChecks, LateRule, Length, Visibility};
use super::course_table::{self, ExtensionTable, VoidTable};
use super::moment::Moment;
use super::roster::Roster;
use crate::course::nearest::nearest;
use crate::course::rubric::line_of;
use crate::fault::{Fault, Result};

/// Turns tables into the course, and looks up what they name.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) shown: &'a str,
    pub(super) known: &'a KnownChecks,
    pub(super) roster: Option<&'a Roster>,
}

impl Reader<'_> {
    /// The course, if it is consistent.
    pub(super) fn course(&self) -> Result<CourseFile> {
        let table = course_table::parse(self.text, self.shown)?;
        let mut course = CourseFile {
            title: table.title,
            ..CourseFile::default()
        };
        if let Some(book) = table.book {
            course.book = Some(self.book(&book)?);
        }
        for (lab, of_lab) in table.labs {
            self.lab(&lab)?;
            course
                .due
                .insert(lab.into_inner(), self.moment(&of_lab.due)?);
        }
        if let Some(late) = table.late {
            let percent = *late.percent_per_day.get_ref();
            if percent == 0 || percent > 100 {
                let what = "`percent_per_day` lies between 1 and 100";
                return Err(self.wrong(
                    &late.percent_per_day,
                    what,
                    "take the table out where lateness costs nothing",
                ));
            }
            course.late = Some(LateRule {
                percent_per_day: percent,
                grace: u64::from(late.grace_minutes) * 60,
                most_days: late.most_days,
            });
        }
        for extension in table.extension {
            course.extensions.push(self.extension(extension)?);
        }
        course.groups = self.groups(table.groups)?;
        for void in table.void {
            let (key, why) = self.void(void)?;
            course.void.insert(key, why);
        }
        let defaults = Visibility::default();
        course.visibility = Visibility {
            public: table.visibility.public.unwrap_or(defaults.public),
            hidden: table.visibility.hidden.unwrap_or(defaults.hidden),
            nothing_until: match &table.visibility.nothing_until {
                Some(written) => Some(self.moment(written)?),
                None => None,
            },
        };
        Ok(course)
    }

    fn book(&self, book: &Spanned<String>) -> Result<String> {
        let address = book.get_ref().trim_end_matches('/');
        let is_web = address.starts_with("https://") || address.starts_with("http://");
        let odd = |c: char| c.is_whitespace() || c.is_control() || "\"'<>\\".contains(c);
        if !is_web || address.contains(odd) {
            return Err(self.wrong(
                book,
                "`book` is no address of a web page",
                "write where the book is published: book = \"https://example.org/socket-labs/\"",
            ));
        }
        Ok(format!("{address}/"))
    }

    fn extension(&self, table: ExtensionTable) -> Result<Extension> {
        self.student(&table.student)?;
        if let Some(lab) = &table.lab {
            self.lab(lab)?;
        }
        let length = match (table.days, &table.until) {
            (Some(days), None) => Length::Days(days),
            (None, Some(until)) => Length::Until(self.moment(until)?),
            _ => {
                return Err(self.wrong(
                    &table.student,
                    "an extension has either `days` or `until`",
                    "write one of them: days = 3",
                ));
            }
        };
        Ok(Extension {
            student: table.student.into_inner(),
            lab: table.lab.map(Spanned::into_inner),
            length,
        })
    }

    fn groups(
        &self,
        tables: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
    ) -> Result<BTreeMap<String, Vec<String>>> {
        let mut seen = BTreeSet::new();
        let mut groups = BTreeMap::new();
        for (name, members) in tables {
            for member in &members {
                self.student(member)?;
                if !seen.insert(member.get_ref().clone()) {
                    let what = format!("`{}` is in two groups", member.get_ref());
                    return Err(self.wrong(member, &what, "leave the one they work in"));
                }
            }
            let members = members.into_iter().map(Spanned::into_inner).collect();
            groups.insert(name.into_inner(), members);
        }
        Ok(groups)
    }

    fn void(&self, table: VoidTable) -> Result<((String, String), String)> {
        let checks = self.lab(&table.lab)?;
        let (lab, check) = (table.lab.get_ref(), table.check.get_ref());
        if !checks.contains(check) {
            let what = format!("`{lab}` has no check `{check}`");
            return Err(self.wrong(&table.check, &what, &suggestion(check, checks)));
        }
        Ok(((lab.clone(), check.clone()), table.why))
    }

    /// The checks of a lab that exists.
    fn lab(&self, name: &Spanned<String>) -> Result<&BTreeSet<String>> {
        self.known.get(name.get_ref()).ok_or_else(|| {
            let what = format!("there is no lab `{}`", name.get_ref());
            self.wrong(name, &what, &suggestion(name.get_ref(), self.known.keys()))
        })
    }

    /// A student of the roster, where there is one.
    fn student(&self, id: &Spanned<String>) -> Result<()> {
        let Some(roster) = self.roster else {
            return Ok(());
        };
        let mut ids = roster.people.iter().map(|person| &person.id);
        if ids.any(|known| known == id.get_ref()) {
            return Ok(());
        }
        let ids = roster.people.iter().map(|person| &person.id);
        let what = format!("`{}` is not in the roster", id.get_ref());
        Err(self.wrong(id, &what, &suggestion(id.get_ref(), ids)))
    }

    fn moment(&self, written: &Spanned<Datetime>) -> Result<Moment> {
        let remedy = "say where on Earth: +02:00 or Z stands at the end";
        Moment::of(written.get_ref()).map_err(|what| self.wrong(written, &what, remedy))
    }

    fn wrong<T>(&self, at: &Spanned<T>, what: &str, remedy: &str) -> Fault {
        let line = line_of(self.text, at.span().start);
        Fault::usage(format!("{}:{line}: {what}", self.shown), remedy)
    }
}

fn suggestion<'a>(asked: &str, names: impl IntoIterator<Item = &'a String> + Clone) -> String {
    if let Some(meant) = nearest(asked, names.clone().into_iter().map(String::as_str)) {
        return format!("did you mean `{meant}`?");
    }
    let some: Vec<&str> = names.into_iter().take(6).map(String::as_str).collect();
    format!("there are, for example: {}", some.join(", "))
}
