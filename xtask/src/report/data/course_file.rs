//! What an instructor says about the course: `course.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use clap::ValueEnum;
use serde::Deserialize;

use super::course_reader::Reader;
use super::moment::Moment;
use super::roster::Roster;
use crate::fault::{Fault, Result};

/// `course.toml`, read and found consistent. Without one, nothing is due and nothing is void.
#[derive(Debug, Clone, Default)]
pub struct CourseFile {
    /// What the course is called on pages.
    pub title: Option<String>,
    /// Where its book is published, with a slash at the end.
    pub book: Option<String>,
    /// When each lab is due.
    pub due: BTreeMap<String, Moment>,
    /// What lateness costs.
    pub late: Option<LateRule>,
    /// Who hands in with whom, by the group's name.
    pub groups: BTreeMap<String, Vec<String>>,
    /// What students see.
    pub visibility: Visibility,
    pub(super) extensions: Vec<Extension>,
    /// By lab and check: why the check was declared void.
    pub(super) void: BTreeMap<(String, String), String>,
}

/// What lateness costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LateRule {
    /// For each day begun, that much of the points reached.
    pub percent_per_day: u32,
    /// That many seconds cost nothing.
    pub grace: u64,
    /// After so many days nothing counts.
    pub most_days: Option<u32>,
}

/// What students see of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visibility {
    /// Of public checks, whose text they have.
    pub public: Level,
    /// Of hidden checks.
    pub hidden: Level,
    /// Of hidden checks nothing before that.
    pub nothing_until: Option<Moment>,
}

/// How much of a check is seen. Each level has what the one before has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Not even that there is one, nor a total that it could be worked out from
    Nothing,
    /// Its title, how it ended, its points
    Names,
    /// The sentence that teaches, too
    Sentence,
    /// The evidence, too: bytes, transcript, stderr
    Full,
}

#[derive(Debug, Clone)]
pub(super) struct Extension {
    pub(super) student: String,
    pub(super) lab: Option<String>,
    pub(super) length: Length,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Length {
    Days(u32),
    Until(Moment),
}

/// The labs and checks there are.
pub type KnownChecks = BTreeMap<String, BTreeSet<String>>;

impl Default for Visibility {
    fn default() -> Self {
        Self {
            public: Level::Full,
            hidden: Level::Names,
            nothing_until: None,
        }
    }
}

impl CourseFile {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// It cannot be read, has an unknown key, or names what does not exist.
    pub fn read(path: &Path, known: &KnownChecks, roster: Option<&Roster>) -> Result<Self> {
        let text = fs::read_to_string(path).map_err(|error| Fault::io("read", path, &error))?;
        Self::parse(&text, &path.display().to_string(), known, roster)
    }

    /// As [`CourseFile::read`], from the text itself.
    ///
    /// # Errors
    /// As [`CourseFile::read`].
    pub fn parse(
        text: &str,
        shown: &str,
        known: &KnownChecks,
        roster: Option<&Roster>,
    ) -> Result<Self> {
        Reader {
            text,
            shown,
            known,
            roster,
        }
        .course()
    }

    /// When `lab` is due for the student called `student`.
    pub fn due_for(&self, student: &str, lab: &str) -> Option<Moment> {
        let due = *self.due.get(lab)?;
        let theirs = self.extensions.iter().filter(|extension| {
            extension.student == student && extension.lab.as_deref().is_none_or(|only| only == lab)
        });
        let extended = theirs.map(|extension| match extension.length {
            Length::Days(days) => due.plus_days(days),
            Length::Until(moment) => moment,
        });
        extended.chain([due]).max()
    }

    /// Why that check was declared void, if it was.
    pub fn void(&self, lab: &str, check: &str) -> Option<&str> {
        let reason = self.void.get(&(lab.to_owned(), check.to_owned()));
        reason.map(String::as_str)
    }
}

impl LateRule {
    /// The days begun, and how many of `points` they cost; rounded in the student's favour.
    pub fn cost(&self, seconds: u64, points: u32) -> (u32, u32) {
        if seconds <= self.grace {
            return (0, 0);
        }
        let days = u32::try_from(seconds.div_ceil(86_400)).unwrap_or(u32::MAX);
        if self.most_days.is_some_and(|most| days > most) {
            return (days, points);
        }
        let percent = u64::from(self.percent_per_day) * u64::from(days);
        let cost = u64::from(points) * percent.min(100) / 100;
        (days, u32::try_from(cost).unwrap_or(points))
    }
}

#[cfg(test)]
mod tests {
    use super::super::roster::Person;
    use super::*;

    const COURSE: &str = r#"title = "Networks"
book = "https://example.org/labs"
[labs.udp]
due = 2025-10-20T23:59:00+02:00
[late]
percent_per_day = 10
grace_minutes = 10
most_days = 3
[[extension]]
student = "ada"
lab = "udp"
days = 2
why = "ill"
[groups]
red = ["ada", "bob"]
[[void]]
lab = "udp"
check = "echo::returns"
why = "it asked for what the notes do not say"
[visibility]
hidden = "sentence"
nothing_until = 2025-11-01T00:00:00Z
"#;

    fn parse(text: &str) -> Result<CourseFile> {
        let known = KnownChecks::from([(
            "udp".to_owned(),
            BTreeSet::from(["echo::returns".to_owned(), "ping::counts".to_owned()]),
        )]);
        let people = ["ada", "bob"].map(|id| Person {
            id: id.to_owned(),
            ..Person::default()
        });
        let roster = Roster {
            people: people.to_vec(),
        };
        CourseFile::parse(text, "course.toml", &known, Some(&roster))
    }

    #[test]
    fn a_consistent_file_is_read() {
        let course = parse(COURSE).unwrap();
        let due = |student| course.due_for(student, "udp").map(|due| due.to_string());
        assert_eq!(due("bob").as_deref(), Some("2025-10-20T21:59:00Z"));
        assert_eq!(due("ada").as_deref(), Some("2025-10-22T21:59:00Z"));
        assert!(course.due_for("ada", "ipv6").is_none());
        assert!(course.void("udp", "echo::returns").is_some());
        assert!(course.void("udp", "ping::counts").is_none());
        assert_eq!(course.book.as_deref(), Some("https://example.org/labs/"));
        assert_eq!(course.visibility.public, Level::Full);
        assert_eq!(course.visibility.hidden, Level::Sentence);
    }

    #[test]
    fn each_slip_is_told_with_its_line_and_what_was_meant() {
        for (from, to, told) in [
            ("title =", "titel =", "course.toml:1: unknown field `titel`"),
            ("title =", "titel =", "did you mean `title`?"),
            (
                "[labs.udp]",
                "[labs.udq]",
                "course.toml:3: there is no lab `udq`\n next: did you mean `udp`?",
            ),
            (
                "due = 2025-10-20T23:59:00+02:00",
                "due = 2025-10-20T23:59:00",
                "course.toml:4: `2025-10-20T23:59:00` lacks",
            ),
            (
                "percent_per_day = 10",
                "percent_per_day = 101",
                "course.toml:6: `percent_per_day`",
            ),
            (
                "student = \"ada\"",
                "student = \"adda\"",
                "course.toml:10: `adda` is not in the roster\n next: did you mean `ada`?",
            ),
            ("days = 2\n", "", "an extension has either"),
            ("\"bob\"]", "\"bob\"]\nblue = [\"ada\"]", "is in two groups"),
            (
                "check = \"echo::returns\"",
                "check = \"echo::return\"",
                "did you mean `echo::returns`?",
            ),
            (
                "hidden = \"sentence\"",
                "hidden = \"sentences\"",
                "did you mean `sentence`?",
            ),
            (
                "https://example.org/labs",
                "javascript:alert(1)",
                "course.toml:2: `book` is no address",
            ),
        ] {
            assert!(COURSE.contains(from), "{from}");
            let fault = parse(&COURSE.replacen(from, to, 1))
                .unwrap_err()
                .to_string();
            assert!(fault.contains(told), "{told} is not in: {fault}");
        }
    }

    #[test]
    fn lateness_costs_by_days_begun_rounded_in_the_student_s_favour() {
        let rule = parse(COURSE).unwrap().late.unwrap();
        assert_eq!(rule.cost(600, 57), (0, 0));
        assert_eq!(rule.cost(601, 57), (1, 5));
        assert_eq!(rule.cost(86_401, 57), (2, 11));
        assert_eq!(rule.cost(4 * 86_400, 57), (4, 57));
    }
}
