//! Why a check failed: what was seen, what should have been, and the sentence that teaches.

use std::borrow::Cow;

use crate::bytes;

/// What a check, or a step of one, comes to.
pub type Outcome<T = ()> = Result<T, Failure>;

/// What the peer saw go wrong; lessons may depend on it (see [`Teaches::when`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saw {
    /// Something came, and it was not what it should have been.
    Wrong,
    /// Nothing came, or not enough, until the deadline.
    Silence,
    /// As silence, while the program kept a processor busy.
    Spinning,
    /// The end of the stream, too early.
    End,
    /// The connection was reset.
    Reset,
    /// The connection was refused.
    Refused,
    /// The program ended, or did not end, or ended otherwise than it should have.
    Exit,
    /// The program panicked or died of a signal.
    Crash,
    /// The program uses more of the machine than it may: threads, descriptors, memory.
    Excess,
    /// The machine lacks what the check needs. Never the program's fault.
    Lack,
    /// The check itself went wrong, or had no chance to go right. Never the program's fault.
    Grader,
}

/// Why a check failed.
#[derive(Debug, Clone)]
pub struct Failure {
    pub(crate) saw: Saw,
    pub(crate) happened: String,
    pub(crate) expected: Option<String>,
    pub(crate) seen: Option<String>,
    pub(crate) differs_at: Option<usize>,
    lessons: Vec<(Option<Saw>, Cow<'static, str>)>,
}

impl Failure {
    /// A failure by its evidence: what was seen, in a sentence without its full stop.
    pub fn new(saw: Saw, happened: impl Into<String>) -> Self {
        let happened = happened.into();
        Self {
            saw,
            happened,
            expected: None,
            seen: None,
            differs_at: None,
            lessons: Vec::new(),
        }
    }

    /// The check cannot be run on this machine, whenever it is tried.
    pub fn lack(what: impl Into<String>) -> Self {
        Self::new(Saw::Lack, what)
    }

    /// The machine was too busy for the check to do what it must; `to` says what. Another time it
    /// can, so this is not skipped: the check is tried again alone, and is the grader's error then.
    pub fn too_busy(to: &str) -> Self {
        Self::new(Saw::Grader, format!("this machine was too busy to {to}"))
    }

    /// The check itself went wrong; `doing` is what it was about.
    pub fn grader(doing: &str, error: impl std::fmt::Display) -> Self {
        Self::new(
            Saw::Grader,
            format!("the grader could not {doing}: {error}"),
        )
    }

    /// Shows the bytes that should have come and those that came.
    #[must_use]
    pub fn comparing(mut self, expected: &[u8], seen: &[u8]) -> Self {
        let Some(at) = bytes::first_difference(expected, seen) else {
            // All came, and it was the end that did not.
            return self;
        };
        self.expected = Some(bytes::excerpt(expected, Some(at)));
        self.seen = Some(bytes::excerpt(seen, Some(at)));
        self.differs_at = Some(at);
        self
    }

    /// Shows the message that should have come, where none came: an empty one would be one, so
    /// nothing stands beside it as seen.
    #[must_use]
    pub fn instead_of(mut self, expected: &[u8]) -> Self {
        self.expected = Some(if expected.is_empty() {
            "an empty message".to_owned()
        } else {
            bytes::excerpt(expected, None)
        });
        self
    }

    /// Says what should have come, in words, beside the bytes that came.
    #[must_use]
    pub fn expecting(mut self, expected: impl Into<String>, seen: &[u8]) -> Self {
        self.expected = Some(expected.into());
        self.seen = Some(bytes::excerpt(seen, None));
        self
    }

    /// The lesson for what was seen: the first that was given for exactly that, else the
    /// first that was given for anything. A crash is not explained by a lesson that was
    /// meant for wrong answers.
    pub(crate) fn lesson(&self) -> Option<&str> {
        let named = self.lessons.iter().find(|(saw, _)| *saw == Some(self.saw));
        let general = self
            .lessons
            .iter()
            .find(|(saw, _)| saw.is_none() && self.saw != Saw::Crash);
        named.or(general).map(|(_, lesson)| lesson.as_ref())
    }
}

/// Adds the sentence that teaches to an outcome that failed.
pub trait Teaches: Sized {
    /// What to learn when what was seen is `saw`.
    #[must_use]
    fn when(self, saw: Saw, lesson: impl Into<Cow<'static, str>>) -> Self;

    /// What to learn when nothing more exact was said; never shown for a crash.
    fn teaches(self, lesson: impl Into<Cow<'static, str>>) -> Self;
}

impl<T> Teaches for Outcome<T> {
    fn when(mut self, saw: Saw, lesson: impl Into<Cow<'static, str>>) -> Self {
        if let Err(failure) = &mut self {
            failure.lessons.push((Some(saw), lesson.into()));
        }
        self
    }

    fn teaches(mut self, lesson: impl Into<Cow<'static, str>>) -> Self {
        if let Err(failure) = &mut self {
            failure.lessons.push((None, lesson.into()));
        }
        self
    }
}

/// Fails when `seen` is not `expected`, showing where they differ.
/// `what` names the bytes: `the reply`.
pub fn differs(what: &str, expected: impl AsRef<[u8]>, seen: impl AsRef<[u8]>) -> Outcome {
    let (expected, seen) = (expected.as_ref(), seen.as_ref());
    match bytes::first_difference(expected, seen) {
        None => Ok(()),
        Some(at) => {
            let happened =
                format!("{what} is not what was expected; the first difference is at byte {at}");
            Err(Failure::new(Saw::Wrong, happened).comparing(expected, seen))
        }
    }
}

/// Fails with `saw` and what happened, unless `holds`.
pub fn wrong(holds: bool, saw: Saw, happened: impl FnOnce() -> String) -> Outcome {
    if holds {
        Ok(())
    } else {
        Err(Failure::new(saw, happened()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(saw: Saw) -> Outcome {
        Err(Failure::new(saw, "it happened"))
    }

    fn lesson(outcome: Outcome) -> Option<String> {
        outcome.err()?.lesson().map(str::to_owned)
    }

    #[test]
    fn the_lesson_for_what_was_seen_comes_before_the_general_one() {
        let told = |saw| {
            lesson(
                failed(saw)
                    .teaches("read again")
                    .when(Saw::Reset, "drain first"),
            )
        };
        assert_eq!(told(Saw::Reset).as_deref(), Some("drain first"));
        assert_eq!(told(Saw::Silence).as_deref(), Some("read again"));
    }

    #[test]
    fn a_crash_is_explained_only_by_a_lesson_about_crashes() {
        assert_eq!(lesson(failed(Saw::Crash).teaches("read again")), None);
        let told = lesson(
            failed(Saw::Crash)
                .teaches("read again")
                .when(Saw::Crash, "accept gave the address"),
        );
        assert_eq!(told.as_deref(), Some("accept gave the address"));
    }

    #[test]
    fn the_first_lesson_given_stands() {
        assert_eq!(
            lesson(failed(Saw::End).teaches("inner").teaches("outer")).as_deref(),
            Some("inner")
        );
    }
}
