//! A check's end: how a failure becomes a verdict, and where the verdict goes.
//!
//! Under the runner it leaves on the check process's own stderr, a pipe that no program gets:
//! one JSON text behind a record separator (RFC 7464) when a check begins and one when it ends.
//! `io::stderr().write_all` passes by libtest's capture, which holds only what macros print.

use std::env;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{ExitCode, Termination};
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome, Saw};
use crate::id::Id;
use crate::program::Program;
use crate::record::{Finding, Line, ProgramEnd, Status};
use crate::scene::Scene;
use crate::{settings, text};

/// How long a program that closed a connection is given to end or to say why.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// A check's verdict, for libtest.
#[derive(Debug)]
#[must_use]
pub struct Graded(Status);

impl Termination for Graded {
    fn report(self) -> ExitCode {
        match self.0 {
            Status::Pass | Status::Skipped => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        }
    }
}

/// Tells a check's story and judges how it ended.
pub(crate) fn judge(id: Id, seed: u64, scene: &Scene, story: impl FnOnce() -> Outcome) -> Graded {
    let verdicts_wanted = env::var_os(settings::VERDICTS).is_some();
    if verdicts_wanted {
        announce(&Line::Start {
            id: id.path.to_owned(),
            began: scene.transcript.began(),
        });
    }
    let began = Instant::now();
    let outcome =
        catch_unwind(AssertUnwindSafe(story)).unwrap_or_else(|panic| Err(own_panic(&*panic)));
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (status, finding) = conclude(outcome, scene);
    if verdicts_wanted {
        announce(&Line::End {
            id: id.path.to_owned(),
            status,
            ms,
            finding: Box::new(finding),
        });
    } else {
        text::print(id, seed, status, &finding);
    }
    Graded(status)
}

/// Ends the programs and weighs what they left against what the check saw.
fn conclude(outcome: Outcome, scene: &Scene) -> (Status, Finding) {
    let programs = scene.dismiss();
    let Err(mut failure) = outcome else {
        // Dropping the programs ends them: a normal end.
        let transcript = match env::var_os(settings::TRANSCRIPTS) {
            Some(_) => scene.transcript.events(),
            None => Vec::new(),
        };
        let finding = Finding {
            transcript,
            ..Finding::default()
        };
        return (Status::Pass, finding);
    };
    if matches!(failure.saw, Saw::Lack | Saw::Grader) {
        let status = if failure.saw == Saw::Lack {
            Status::Skipped
        } else {
            Status::GraderError
        };
        let finding = Finding {
            happened: Some(failure.happened),
            transcript: scene.transcript.events(),
            ..Finding::default()
        };
        return (status, finding);
    }
    let culprit = culprit(&programs, failure.saw);
    let too_much = culprit.is_some_and(Program::wrote_too_much);
    let end = culprit.map(Program::end);
    let status = match &end {
        Some(end) => weigh(&mut failure, end, too_much),
        None => status_of(failure.saw),
    };
    let finding = Finding {
        feedback: failure
            .lesson()
            .map(str::to_owned)
            .or_else(|| general_lesson(failure.saw)),
        happened: Some(failure.happened),
        expected: failure.expected,
        seen: failure.seen,
        differs_at: failure.differs_at,
        transcript: scene.transcript.events(),
        program: end,
    };
    (status, finding)
}

/// The program that the failure is about: one that panicked, else the last one started.
/// One that has closed a connection may be about to panic or to end; it is waited for.
fn culprit(programs: &[Program], saw: Saw) -> Option<&Program> {
    let last = programs.last()?;
    let ends_something = matches!(saw, Saw::End | Saw::Reset | Saw::Refused | Saw::Exit);
    let deadline = Instant::now() + LAST_WORDS;
    loop {
        if let Some(program) = programs.iter().find(|program| program.panic().is_some()) {
            return Some(program);
        }
        let over = !ends_something || last.try_wait().is_some() || Instant::now() > deadline;
        if over {
            // The end of the process closes its stderr; what it said last is read by then.
            last.stderr_settled();
            return programs
                .iter()
                .find(|program| program.panic().is_some())
                .or(Some(last));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A panic, or a death of the program's own making, is reported as such and not as its consequence.
fn weigh(failure: &mut Failure, end: &ProgramEnd, too_much: bool) -> Status {
    if too_much {
        failure.happened = format!("the program wrote more than it may; {}", failure.happened);
        return Status::OutputLimit;
    }
    if end.stderr_head.contains("memory allocation of ") && end.exit.contains("SIGABRT") {
        failure.saw = Saw::Crash;
        failure.happened = format!(
            "the program wanted more memory than it may have; {}",
            failure.happened
        );
        return Status::Memory;
    }
    if let Some(panic) = &end.panic {
        failure.saw = Saw::Crash;
        failure.happened = match panic.todo() {
            Some(_) => format!("this stage is not written yet: {} is a todo!", panic.at),
            None => format!(
                "the program panicked at {}: {}; then {}",
                panic.at,
                first_line(&panic.message),
                failure.happened
            ),
        };
        return Status::Crash;
    }
    if end.exit.starts_with("signal ") {
        failure.saw = Saw::Crash;
        failure.happened = format!("the program died of {}; {}", end.exit, failure.happened);
        return if end.exit.contains("SIGXFSZ") {
            Status::OutputLimit
        } else {
            Status::Crash
        };
    }
    status_of(failure.saw)
}

fn status_of(saw: Saw) -> Status {
    match saw {
        Saw::Silence | Saw::Spinning => Status::Timeout,
        Saw::Crash => Status::Crash,
        Saw::Lack => Status::Skipped,
        Saw::Grader => Status::GraderError,
        Saw::Wrong | Saw::End | Saw::Reset | Saw::Refused | Saw::Exit | Saw::Excess => Status::Fail,
    }
}

/// What to learn from a failure that the check said nothing about.
fn general_lesson(saw: Saw) -> Option<String> {
    let lesson = match saw {
        Saw::Crash => {
            "A panic ends more than what it happened on: treat whatever a peer may do as a case, not as an error of your own."
        }
        _ => return None,
    };
    Some(lesson.to_owned())
}

/// The first line, or as much of it as says enough: a Debug dump can be pages long.
fn first_line(text: &str) -> String {
    const ENOUGH: usize = 160;
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(ENOUGH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

fn own_panic(panic: &(dyn std::any::Any + Send)) -> Failure {
    let said = panic
        .downcast_ref::<&str>()
        .map(|said| (*said).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    Failure::grader(
        "finish this check",
        format!("it panicked: {}", said.unwrap_or_default()),
    )
}

/// Writes a line of the verdict channel, whole.
fn announce(line: &Line) {
    let mut text = vec![0x1e];
    // A line is plain data; if it cannot be written the runner takes its absence for a grader error.
    if serde_json::to_writer(&mut text, line).is_ok() {
        text.push(b'\n');
        _ = io::stderr().lock().write_all(&text);
    }
}
