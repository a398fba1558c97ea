//! Points in time, as people and records write them: RFC 3339.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use toml::value::{Datetime, Offset};

use crate::grade::clock::rfc3339;

/// A point in time, to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    seconds: i64,
}

impl Moment {
    /// This very moment.
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            seconds: since.map_or(0, |since| {
                i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
            }),
        }
    }

    /// A date with time and offset, as TOML writes it without quotes.
    ///
    /// # Errors
    /// A part is missing; without an offset, nobody knows when it is.
    pub fn of(written: &Datetime) -> Result<Self, String> {
        let (Some(date), Some(time), Some(offset)) = (written.date, written.time, written.offset)
        else {
            return Err(format!(
                "`{written}` lacks a time or an offset; write it like 2025-10-20T23:59:00+02:00"
            ));
        };
        let minutes = match offset {
            Offset::Z => 0,
            Offset::Custom { minutes } => i64::from(minutes),
        };
        let days = days(
            i64::from(date.year),
            i64::from(date.month),
            i64::from(date.day),
        );
        let of_day = i64::from(time.hour) * 3600
            + i64::from(time.minute) * 60
            + i64::from(time.second.unwrap_or(0));
        Ok(Self {
            seconds: days * 86_400 + of_day - minutes * 60,
        })
    }

    /// For people: `2025-10-20 21:59 UTC`.
    pub fn in_words(self) -> String {
        let told = self.to_string();
        match told.get(..16) {
            Some(minutes) => format!("{} UTC", minutes.replace('T', " ")),
            None => told,
        }
    }

    /// How many seconds lie between `earlier` and this; none if it is not earlier.
    pub fn seconds_after(self, earlier: Self) -> u64 {
        u64::try_from(self.seconds - earlier.seconds).unwrap_or(0)
    }

    /// That many days later.
    pub fn plus_days(self, days: u32) -> Self {
        Self {
            seconds: self.seconds.saturating_add(i64::from(days) * 86_400),
        }
    }
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // `2019-07-23 17:12:33 +0200`, which spreadsheets and Ruby write, is no RFC 3339.
        let written: Datetime = text
            .trim()
            .parse()
            .map_err(|_| format!("`{text}` is no time; write it like 2025-10-20T23:59:00+02:00"))?;
        Self::of(&written)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let since = Duration::from_secs(u64::try_from(self.seconds).unwrap_or(0));
        f.write_str(&rfc3339(UNIX_EPOCH + since))
    }
}

/// The days from 1970-01-01 to a date of the Gregorian calendar.
///
/// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`; the
/// other way round stands in `grade::clock`.)
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_written_with_an_offset_is_read_and_told_in_utc() {
        for (written, told) in [
            ("2025-10-20T23:59:00+02:00", "2025-10-20T21:59:00Z"),
            ("2024-02-29 12:00:01Z", "2024-02-29T12:00:01Z"),
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
            ("2024-12-31T20:00:00-05:30", "2025-01-01T01:30:00Z"),
        ] {
            assert_eq!(moment(written).to_string(), told);
        }
        assert_eq!(
            moment("2025-10-20T23:59:07+02:00").in_words(),
            "2025-10-20 21:59 UTC"
        );
    }

    #[test]
    fn what_is_no_moment_is_told_with_one_that_is() {
        for text in ["2025-10-20", "2025-10-20T23:59:00", "tomorrow", "=1+1"] {
            let told = text.parse::<Moment>().unwrap_err();
            assert!(told.contains("2025-10-20T23:59:00+02:00"), "{told}");
        }
    }

    #[test]
    fn differences_are_seconds_and_never_negative() {
        let (due, later) = (
            moment("2025-10-20T00:00:00Z"),
            moment("2025-10-21T00:00:01Z"),
        );
        assert_eq!(later.seconds_after(due), 86_401);
        assert_eq!(due.seconds_after(later), 0);
        assert_eq!(due.plus_days(1).seconds_after(due), 86_400);
    }
}
