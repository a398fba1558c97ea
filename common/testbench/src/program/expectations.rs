//! What a check may expect of the program itself: its end, its output, its reasons.

use std::time::{Duration, Instant};

use super::{GLANCE, Program, ending};
use crate::bytes;
use crate::failure::{Failure, Outcome, Saw, differs, wrong};
use crate::scene::PATIENCE;
use crate::transcript::PROGRAM;

/// How long a program is watched that may be spinning.
const WATCHED: Duration = Duration::from_millis(40);

/// `client` is one of its kind; `client 2` and `the grader` say already which.
fn with_article(who: &str) -> String {
    if who.starts_with("the ") || who.ends_with(|last: char| last.is_ascii_digit()) {
        return who.to_owned();
    }
    format!("the {who}")
}

impl Program {
    /// Why `who` waited in vain for `awaited`: the program has ended, or spins, or does something else.
    pub(crate) fn absence(&self, who: &str, awaited: &str, waited: Duration) -> Failure {
        let who = with_article(who);
        if let Some(status) = self.try_wait() {
            let happened = format!(
                "the program ended ({}), and {who} still waited for {awaited}",
                ending(status)
            );
            return Failure::new(Saw::Exit, happened);
        }
        let happened = format!(
            "{who} waited {} s for {awaited}; {}",
            waited.as_secs(),
            self.doing()
        );
        let facts = self.facts();
        // Most of those that keep one waiting are asleep: that is seen for less.
        let spins = !facts.rests() && facts.busy_share(WATCHED).is_ok_and(|share| share > 0.2);
        Failure::new(if spins { Saw::Spinning } else { Saw::Silence }, happened)
    }

    /// It still runs.
    pub fn expect_alive(&self) -> Outcome {
        match self.try_wait() {
            Some(status) => Err(Failure::new(
                Saw::Exit,
                format!("the program ended: {}", ending(status)),
            )),
            None => Ok(()),
        }
    }

    /// It ends by itself, with that exit code.
    pub fn expect_exit(&self, code: i32) -> Outcome {
        let Some(status) = self.end_within(PATIENCE) else {
            return Err(self.absence("the grader", "the program to leave", PATIENCE));
        };
        self.scene()
            .transcript
            .note(PROGRAM, None, &format!("ends: {}", ending(status)));
        wrong(status.code() == Some(code), Saw::Exit, || {
            format!(
                "the program ended with {}; exit code {code} was expected",
                ending(status)
            )
        })
    }

    /// It ends by itself with that exit code, and says why on stderr, for people.
    pub fn expect_failure(&self, code: i32) -> Outcome {
        self.expect_exit(code)?;
        self.expect_reason()
    }

    /// It has said something on stderr that is for people: neither a panic nor the insides of an error.
    pub fn expect_reason(&self) -> Outcome {
        self.stderr_settled();
        let said = self.stderr();
        let text = String::from_utf8_lossy(&said);
        wrong(!text.trim().is_empty(), Saw::Exit, || {
            "the program left without a reason on stderr".to_owned()
        })?;
        let insides = ["Os { code", "Custom { kind", "kind: ", "Error(\"", "Err("];
        match insides.iter().find(|inside| text.contains(**inside)) {
            None => Ok(()),
            Some(inside) => {
                let happened =
                    format!("the reason on stderr shows the insides of an error ({inside:?})");
                Err(Failure::new(Saw::Wrong, happened).expecting("a sentence for people", &said))
            }
        }
    }

    /// Once it has ended, `words` stand somewhere on its stderr.
    pub fn expect_said(&self, words: &str) -> Outcome {
        self.stderr_settled();
        let said = self.stderr();
        wrong(
            String::from_utf8_lossy(&said).contains(words),
            Saw::Wrong,
            || format!("stderr does not say {words:?}"),
        )
        .map_err(|failure| failure.expecting(format!("…{words}…"), &said))
    }

    /// While it runs, `line` comes to be a whole line of its stderr.
    pub fn expect_logged(&self, line: &str) -> Outcome {
        let logged = |said: &[u8]| {
            said.split(|&byte| byte == b'\n')
                .any(|said| said == line.as_bytes())
        };
        let deadline = Instant::now() + PATIENCE;
        while !logged(&self.stderr()) {
            if Instant::now() > deadline || self.try_wait().is_some() {
                let happened = format!("stderr has no line {line:?}");
                return Err(Failure::new(Saw::Wrong, happened).expecting(line, &self.stderr()));
            }
            std::thread::sleep(GLANCE);
        }
        Ok(())
    }

    /// It cannot serve where it was told to: no READY, a reason on stderr, exit code 1.
    pub fn expect_cannot_serve(&self) -> Outcome {
        self.wait_for_stdout(Instant::now() + 2 * PATIENCE, |said, closed| {
            !said.is_empty() || closed
        });
        let said = self.stdout();
        if !said.is_empty() {
            let happened = "the program was told an address that is taken, and said on stdout";
            return Err(Failure::new(Saw::Wrong, happened).expecting("nothing", &said));
        }
        self.expect_failure(1)
    }

    /// The line of that number, counted from 1, that it writes to stdout, without its line end.
    pub fn line(&self, number: usize) -> Outcome<String> {
        let line_of = |said: &[u8]| {
            let mut lines = said.split_inclusive(|&byte| byte == b'\n');
            let line = lines.nth(number - 1)?.strip_suffix(b"\n")?;
            Some(String::from_utf8_lossy(line).into_owned())
        };
        self.wait_for_stdout(Instant::now() + PATIENCE, |said, closed| {
            closed || line_of(said).is_some()
        });
        let said = self.stdout();
        line_of(&said).ok_or_else(|| {
            let awaited = format!("line {number} on stdout");
            self.absence("the grader", &awaited, PATIENCE)
                .expecting(awaited, &said)
        })
    }

    /// All it writes to stdout, until it closes it.
    pub fn output(&self) -> Outcome<Vec<u8>> {
        if !self.wait_for_stdout(Instant::now() + PATIENCE, |_, closed| closed) {
            return Err(self.absence("the grader", "the end of stdout", PATIENCE));
        }
        Ok(self.stdout())
    }

    /// All it writes to stdout, until its end, is exactly this.
    pub fn expect_output(&self, expected: impl AsRef<[u8]>) -> Outcome {
        let expected = expected.as_ref();
        let over = |said: &[u8], closed: bool| closed || said.len() > expected.len();
        if !self.wait_for_stdout(Instant::now() + PATIENCE, over) {
            let absence = self.absence("the grader", "the end of stdout", PATIENCE);
            return Err(absence.comparing(expected, &self.stdout()));
        }
        differs("what the program printed", expected, self.stdout())
    }

    /// While it runs, its stdout comes to be exactly this so far.
    pub fn expect_output_so_far(&self, expected: impl AsRef<[u8]>) -> Outcome {
        let expected = expected.as_ref();
        let enough = |said: &[u8], closed: bool| {
            closed || said.len() >= expected.len() || !expected.starts_with(said)
        };
        if !self.wait_for_stdout(Instant::now() + PATIENCE, enough) {
            let awaited = format!(
                "output, of which {} came",
                bytes::count(self.stdout().len())
            );
            let absence = self.absence("the grader", &awaited, PATIENCE);
            return Err(absence.comparing(expected, &self.stdout()));
        }
        differs("what the program printed", expected, self.stdout())
    }
}
