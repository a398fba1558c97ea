//! What students may see: everything else is taken out of the record here, before any format.

use testbench::record::{CheckRecord, Finding, Record, Status, Visibility};

use super::super::data::course_file::{self, Level};
use super::super::data::moment::Moment;
use crate::grade::record::counts;

/// How much of each kind of check students see at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    public: Level,
    hidden: Level,
    until: Option<Moment>,
}

/// A record as a student may see it.
#[derive(Debug)]
pub struct Seen {
    /// With what they may not see taken out; points are those of the checks that are left.
    pub record: Record,
    /// How many checks are left out. While there are any, no total may be told, nor anything
    /// that it could be worked out from.
    pub withheld: usize,
    /// Until when, if that is known.
    pub until: Option<Moment>,
}

impl Sight {
    /// What the course allows at `now`.
    pub fn of(allowed: &course_file::Visibility, now: Moment) -> Self {
        let until = allowed.nothing_until.filter(|until| now < *until);
        Self {
            public: allowed.public,
            hidden: match until {
                Some(_) => Level::Nothing,
                None => allowed.hidden,
            },
            until,
        }
    }

    /// Everything, at every level: for whoever keeps the course.
    pub fn everything() -> Self {
        Self::alike(Level::Full)
    }

    /// That level for every check.
    pub fn alike(level: Level) -> Self {
        Self {
            public: level,
            hidden: level,
            until: None,
        }
    }

    /// Whether some kind of check is not seen at all.
    pub fn withholds(&self) -> bool {
        self.public == Level::Nothing || self.hidden == Level::Nothing
    }

    /// `public checks in full, of hidden checks names and points`.
    pub fn in_words(&self) -> String {
        let words = |level| match level {
            Level::Nothing => "nothing",
            Level::Names => "names and points",
            Level::Sentence => "names, points and sentences",
            Level::Full => "everything",
        };
        let until = self.until.map_or(String::new(), |until| {
            format!(" until {}", until.in_words())
        });
        format!(
            "of public checks {}, of hidden checks {}{until}",
            words(self.public),
            words(self.hidden)
        )
    }

    fn level(&self, check: &CheckRecord) -> Level {
        match check.visibility {
            Visibility::Public => self.public,
            Visibility::Hidden => self.hidden,
        }
    }
}

/// Takes out of `record` what `sight` does not reach.
pub fn seen(mut record: Record, sight: &Sight) -> Seen {
    let mut withheld = 0;
    for lab in &mut record.labs {
        let before = lab.checks.len();
        lab.checks = std::mem::take(&mut lab.checks)
            .into_iter()
            .filter_map(|check| {
                let level = sight.level(&check);
                cut(check, level)
            })
            .collect();
        withheld += before - lab.checks.len();
        let known: Vec<String> = lab.checks.iter().map(|check| check.id.clone()).collect();
        for check in &mut lab.checks {
            check.because = check.because.take().filter(|id| known.contains(id));
        }
        let sum = |points: fn(&CheckRecord) -> u32| {
            let counted = lab.checks.iter().filter(|check| counts(check.status));
            counted.map(points).sum()
        };
        (lab.points, lab.max_points) = (sum(|check| check.points), sum(|check| check.max_points));
    }
    record.points = record.labs.iter().map(|lab| lab.points).sum();
    record.max_points = record.labs.iter().map(|lab| lab.max_points).sum();
    Seen {
        record,
        withheld,
        until: sight.until.filter(|_| withheld > 0),
    }
}

/// What is left of a check at a level.
fn cut(check: CheckRecord, level: Level) -> Option<CheckRecord> {
    // Why the machine could not is not the program's word; what the grader stumbled over may be.
    let reason = check
        .finding
        .happened
        .clone()
        .filter(|_| check.status == Status::Skipped);
    match level {
        Level::Nothing => None,
        Level::Full => Some(check),
        Level::Names | Level::Sentence => Some(CheckRecord {
            finding: Finding {
                feedback: check.finding.feedback.filter(|_| level == Level::Sentence),
                happened: reason,
                ..Finding::default()
            },
            // It names a test and a seed that students do not have.
            replay: String::new(),
            attempts: check
                .attempts
                .into_iter()
                .map(|mut attempt| {
                    attempt.feedback = attempt.feedback.filter(|_| level == Level::Sentence);
                    attempt
                })
                .collect(),
            ..check
        }),
    }
}
