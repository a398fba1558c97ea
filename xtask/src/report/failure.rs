//! One failure in full: evidence first, then the lesson, then how to see it again.

use std::borrow::Cow;
use std::iter;

use testbench::bytes;
use testbench::record::{CheckRecord, Event, Finding, ProgramEnd, Status};

use super::comparison::compared;
use crate::output::page::Page;
use crate::output::paint::Paint;
use crate::output::plain::{line, shortened, wrapped};

/// The width that everything fits into, but what is to be copied as it is.
pub const WIDTH: usize = 80;

/// How much of a long transcript is shown, from its beginning and from its end.
const EVENTS: (usize, usize) = (6, 14);

/// How many lines of the program's stderr are shown, from its beginning and from its end.
const STDERR_LINES: usize = 6;

/// In how many rows at most a long event, or a long line of stderr, is shown.
const MOST_ROWS: usize = 3;

/// How far what belongs to a failure is indented.
const INDENT: &str = "    ";

/// How wide what a row shows is named.
const LABEL: usize = 10;

/// How much room a row has behind its label.
const ROOM: usize = WIDTH - INDENT.len() - LABEL;

/// The status in words.
pub fn word(status: Status) -> &'static str {
    match status {
        Status::Pass => "pass",
        Status::Fail => "fail",
        Status::Timeout => "timeout",
        Status::Crash => "crash",
        Status::Memory => "memory",
        Status::OutputLimit => "output limit",
        Status::BuildError => "build error",
        Status::Skipped => "skipped",
        Status::GraderError => "grader error",
    }
}

/// A check in a line: how it ended, its title, its points.
pub fn headline(check: &CheckRecord, paint: Paint) -> String {
    let points = format!("{} of {}", check.points, check.max_points);
    let status = word(check.status);
    let room = WIDTH - 2 - status.len() - 2 - points.len() - 2;
    let title = shortened(&line(&check.title), room);
    format!("  {}  {title:<room$}  {points}", paint.bad(status))
}

/// The failure of `check`, as far as its record tells it.
pub fn in_full(check: &CheckRecord, paint: Paint) -> Page {
    let finding = &check.finding;
    let mut page = Page::default();
    page.row(headline(check, paint));
    let again = if check.attempts.is_empty() {
        ""
    } else {
        ", tried again"
    };
    let id = format!("{}, after {} ms{again}", check.id, check.ms);
    page.row(format!("  {}", paint.faint(&line(&id))));
    let happened = finding.happened.as_deref().map(sentence);
    page.below(&paragraph(happened.as_deref(), str::to_owned));
    page.below(&comparison(finding));
    page.below(&transcript(&finding.transcript, paint));
    if let Some(program) = &finding.program {
        page.below(&told_of(program, paint));
    }
    page.below(&paragraph(finding.feedback.as_deref(), |row| {
        paint.head(row)
    }));
    page.blank();
    page.row(labelled("read on", &line(&check.notes)));
    page.row(labelled("again", &line(&check.replay)));
    page
}

/// `text` between words and margins, each row through `finish`.
fn paragraph(text: Option<&str>, finish: impl Fn(&str) -> String) -> Page {
    let mut page = Page::default();
    if let Some(text) = text {
        let rows = wrapped(&line(text), WIDTH - INDENT.len());
        page.rows(rows.iter().map(|row| format!("{INDENT}{}", finish(row))));
    }
    page
}

/// A row that begins with what it shows.
fn labelled(label: &str, text: &str) -> String {
    format!("{INDENT}{label:<LABEL$}{text}")
}

/// Evidence comes without capital and full stop; this is the whole sentence.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    let stop = if text.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{first}{}{stop}", letters.as_str())
}

fn comparison(finding: &Finding) -> Page {
    let mut page = Page::default();
    match (&finding.expected, &finding.seen, finding.differs_at) {
        (Some(expected), Some(seen), Some(at)) => {
            let rows = compared(&line(expected), &line(seen), at, ROOM);
            let labels = ["expected", "seen", ""];
            page.rows(
                labels
                    .iter()
                    .zip(rows)
                    .map(|(label, row)| labelled(label, &row)),
            );
        }
        (expected, seen, _) => {
            if let Some(expected) = expected {
                page.row(labelled("expected", &shortened(&line(expected), ROOM)));
            }
            if let Some(seen) = seen {
                let seen = shortened(&line(seen), ROOM - 2);
                page.row(labelled("seen", &format!("\"{seen}\"")));
            }
        }
    }
    page
}

fn transcript(events: &[Event], paint: Paint) -> Page {
    let width = |part: fn(&Event) -> &str| {
        let widths = events.iter().map(|event| line(part(event)).chars().count());
        widths.max().unwrap_or(0)
    };
    let widths = Widths {
        from: width(|event| &event.from),
        to: width(|event| event.to.as_deref().unwrap_or_default()),
    };
    let mut page = Page::default();
    let row = |event| row(event, &widths, paint);
    let (head, tail) = EVENTS;
    if events.len() <= head + tail + 1 {
        page.rows(events.iter().flat_map(row));
    } else {
        let left_out = events.len() - head - tail;
        page.rows(events[..head].iter().flat_map(row));
        page.row(format!(
            "{INDENT}     ...     ({left_out} more; --format json has them)"
        ));
        page.rows(events[events.len() - tail..].iter().flat_map(row));
    }
    page
}

/// The widths of a transcript's columns.
struct Widths {
    from: usize,
    to: usize,
}

/// `12.3 ms  client -> program  sends 6 bytes "ADD 2 "`, in more rows where it is long.
fn row(event: &Event, widths: &Widths, paint: Paint) -> Vec<String> {
    let time = format!("{:>8.1} ms", event.ms);
    let (from, to) = (line(&event.from), event.to.as_deref().map(line));
    let arrow = if to.is_some() { "->" } else { "" };
    let to = to.unwrap_or_default();
    let mut what = line(&event.event).into_owned();
    if let Some(len) = event.len {
        what = format!("{what} {}", bytes::count(len));
    }
    let who = format!("{from:<0$} {arrow:<2} {to:<1$}", widths.from, widths.to);
    let left = format!("{INDENT}{}  {who}  ", paint.faint(&time));
    let used = INDENT.len() + time.len() + who.chars().count() + 4;
    let Some(bytes) = &event.bytes else {
        let room = WIDTH.saturating_sub(used).max(8);
        let rows = wrapped(&shortened(&what, MOST_ROWS * room), room);
        let indent = [left, " ".repeat(used)];
        let indents = indent.iter().chain(iter::repeat(&indent[1]));
        return rows
            .iter()
            .zip(indents)
            .map(|(row, indent)| format!("{indent}{row}"))
            .collect();
    };
    let room = WIDTH.saturating_sub(used + what.chars().count() + 3).max(8);
    vec![format!(
        "{left}{what} \"{}\"",
        shortened(&line(bytes), room)
    )]
}

fn told_of(program: &ProgramEnd, paint: Paint) -> Page {
    let mut page = Page::default();
    page.row(labelled("program", &line(&program.exit)));
    let said = said_on_stderr(program);
    let rows = said.iter().flat_map(|said| broken(said, ROOM - 2));
    for (index, row) in rows.enumerate() {
        let label = if index == 0 { "stderr" } else { "" };
        page.row(labelled(label, &format!("{} {row}", paint.faint("|"))));
    }
    page
}

/// `text` in rows of `width`, broken anywhere: the reason of an error stands at its end.
fn broken(text: &str, width: usize) -> Vec<String> {
    let shown: Vec<char> = shortened(text, MOST_ROWS * width).chars().collect();
    if shown.is_empty() {
        return vec![String::new()];
    }
    let rows = shown.chunks(width);
    rows.map(|row| row.iter().collect()).collect()
}

/// The first and the last of what the program wrote to stderr, shortened in the middle. A panic
/// begins with an empty line, which says nothing here.
fn said_on_stderr(program: &ProgramEnd) -> Vec<Cow<'_, str>> {
    let head = program
        .stderr_head
        .lines()
        .skip_while(|line| line.is_empty());
    let tail = program.stderr_tail.as_deref().unwrap_or_default().lines();
    let mut said: Vec<Cow<str>> = head.map(line).collect();
    if program.stderr_tail.is_some() {
        said.push("...".into());
    }
    said.extend(tail.map(line));
    if said.len() <= 2 * STDERR_LINES {
        return said;
    }
    let last = said.split_off(said.len() - STDERR_LINES);
    said.truncate(STDERR_LINES - 1);
    said.push("...".into());
    said.extend(last);
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_event_goes_on_below_and_says_that_there_was_more() {
        let event = Event {
            ms: 1.0,
            from: "grader".to_owned(),
            to: Some("program".to_owned()),
            event: format!("starts: ask {}", "put word ".repeat(80)),
            len: None,
            bytes: None,
        };
        let widths = Widths { from: 6, to: 7 };
        let rows = row(&event, &widths, Paint::new(false));
        assert!(rows.len() > 1, "{rows:#?}");
        assert!(
            rows.iter().all(|row| row.chars().count() <= WIDTH),
            "{rows:#?}"
        );
        assert!(
            rows.last().is_some_and(|row| row.ends_with('…')),
            "{rows:#?}"
        );
    }

    #[test]
    fn the_end_of_a_long_line_of_stderr_is_there() {
        let said = format!("cannot listen on unix:/{}: in use", "x".repeat(90));
        let rows = broken(&said, ROOM - 2);
        assert_eq!(rows.concat(), said);
        assert!(rows.iter().all(|row| row.chars().count() <= ROOM - 2));
    }
}
