//! `cargo xtask grade --submissions DIR --out DIR`: a class of untrusted submissions.
//!
//! Submissions pass side by side through intake, compiler and checks, so that the waiting of one
//! is the computing of another. What is kept of each is its record on disk, and numbers here.

pub mod change;
pub mod desk;
pub mod inputs;
pub mod shard;
pub mod signs;
pub mod tally;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use sandbox::Level;

use crate::Outcome;
use crate::cli::{Format, GradeArgs};
use crate::course::lab::Lab;
use crate::course::selection::{Asked, Selection};
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::grade::record::{Frame, course_digest};
use crate::grade::{Grader, Manner};
use crate::intake::place::Wanted;
use crate::intake::roster::{Roster, Submission};
use crate::output::print;
use crate::output::progress::Counter;
use crate::records::Records;
use crate::slots::cores;
use crate::sources::pristine::Pristine;
use crate::stop::Stop;
use desk::{Bench, Desk, Done, could_not};
use inputs::Inputs;
use tally::Tally;

/// When so many submissions in a row cannot be graded, it is not for what is in them.
const FAULTS_IN_A_ROW: usize = 5;

/// How often the progress is looked after while nothing is done.
const GLANCE: Duration = Duration::from_millis(500);

/// What a worker sends for each submission.
type Sent = (String, Result<Done>);

/// Grades the submissions in `folder` and tells a summary on stdout.
///
/// # Errors
/// The selection means nothing, the machine has no box and no less was asked for, or the grader
/// cannot do its work.
pub fn grade(workspace: &Workspace, folder: &Path, args: &GradeArgs) -> Result<Outcome> {
    let stop = Stop::on_signals()?;
    let labs = labs(workspace, &args.select)?;
    let out = args.cohort.out.as_deref().unwrap_or(Path::new("records"));
    let (submissions, others) = handed_in(folder, out, args)?;
    let records = Records::open(out)?;
    let seed = records.seed(args.seed.as_deref(), &course_digest(workspace)?)?;
    let manner = manner(args, &stop);
    let lab_refs: Vec<&Lab> = labs.iter().collect();
    let grader = Grader::ready(workspace, &lab_refs, &manner)?;
    let frame = Frame::of(workspace, &grader, &seed)?;
    let mut benches = Vec::new();
    for lab in &labs {
        let pristine = Pristine::of(lab)?;
        benches.push(Bench {
            inputs: Inputs::of(workspace, lab, &pristine, &frame)?,
            lab: lab.clone(),
            pristine,
        });
    }
    let desk = Desk {
        grader: &grader,
        frame: &frame,
        records: &records,
        labs: &benches,
        course: &workspace.labs,
        wanted: &Wanted::of(&lab_refs, &workspace.labs, !args.select.is_empty()),
        regrade: args.cohort.regrade,
    };
    let mut tally = Tally::new(submissions.len());
    let ended = all(
        &desk,
        submissions,
        manner.most_boxes() + cores(),
        &stop,
        &mut tally,
    );
    tally.interrupted = ended.is_ok() && stop.is_asked();
    let notes = grader.isolation.notes();
    print(&match args.format {
        Format::Human => tally.human(&desk, &notes, &others, folder),
        Format::Json => tally.json(&desk)?,
    })?;
    ended?;
    Ok(tally.outcome())
}

/// The labs that were asked for; whole ones, for that is what a record holds.
fn labs(workspace: &Workspace, select: &[String]) -> Result<Vec<Lab>> {
    for text in select {
        let asked = Asked::parse(text);
        if asked.stage.is_some() {
            return Err(Fault::usage(
                format!("a class is graded by whole labs, and `{text}` is a part of one"),
                format!("name the lab: {}", asked.lab),
            ));
        }
    }
    let selections = Selection::of(workspace, select)?;
    Ok(selections
        .into_iter()
        .map(|selection| selection.lab)
        .collect())
}

/// Who has handed in, as far as it is this run's part, and what in the folder is no submission.
fn handed_in(
    folder: &Path,
    out: &Path,
    args: &GradeArgs,
) -> Result<(VecDeque<Submission>, Vec<String>)> {
    let inside =
        std::path::absolute(out).and_then(|out| Ok(out.starts_with(std::path::absolute(folder)?)));
    if inside.unwrap_or(false) {
        return Err(Fault::usage(
            format!(
                "{} lies in {}, among the submissions",
                out.display(),
                folder.display()
            ),
            "name another folder: --out ../records",
        ));
    }
    let roster = Roster::of(folder)?;
    if roster.submissions.is_empty() {
        return Err(Fault::usage(
            format!("{} holds no submission", folder.display()),
            "name the folder that holds a folder, zip or tar.gz for each student",
        ));
    }
    let mut submissions = VecDeque::from(roster.submissions);
    if let Some(shard) = args.cohort.shard {
        submissions.retain(|submission| shard.has(&submission.id));
    }
    Ok((submissions, roster.others))
}

/// As asked for; but whoever grades others wants the box.
fn manner(args: &GradeArgs, stop: &Stop) -> Manner {
    let mut manner = Manner::from(&args.manner);
    manner.isolation = manner.isolation.or(Some(Level::Box));
    manner.strangers = true;
    manner.stop = stop.clone();
    manner
}

/// Grades all `submissions`, several at once; counts them in `tally`.
fn all(
    desk: &Desk<'_>,
    submissions: VecDeque<Submission>,
    workers: usize,
    stop: &Stop,
    tally: &mut Tally,
) -> Result<()> {
    let counter = Counter::new(submissions.len(), "submissions");
    let queue = Mutex::new(submissions);
    thread::scope(|scope| {
        let (sender, receiver) = channel();
        for _ in 0..workers {
            let (queue, sender) = (&queue, sender.clone());
            scope.spawn(move || work(desk, queue, stop, &sender));
        }
        drop(sender);
        let ended = count(&receiver, &counter, stop, tally);
        if ended.is_err() {
            stop.ask();
        }
        ended
    })
}

/// Grades one submission after another until there are none left.
fn work(desk: &Desk<'_>, queue: &Mutex<VecDeque<Submission>>, stop: &Stop, sender: &Sender<Sent>) {
    while !stop.is_asked() {
        let next = queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front();
        let Some(submission) = next else {
            break;
        };
        let done = desk.grade(&submission);
        if sender.send((submission.id, done)).is_err() {
            break;
        }
    }
}

/// Counts what comes from the workers, and shows how far they are.
fn count(
    receiver: &Receiver<Sent>,
    counter: &Counter,
    stop: &Stop,
    tally: &mut Tally,
) -> Result<()> {
    let mut in_a_row = 0;
    loop {
        let (id, done) = match receiver.recv_timeout(GLANCE) {
            Ok(sent) => sent,
            Err(RecvTimeoutError::Timeout) => {
                counter.glance();
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        match done {
            // What was given up half-way is not counted, and its record is what it was.
            Err(_) if stop.is_asked() => {}
            Err(fault) => {
                in_a_row += 1;
                counter.say(&could_not(&id, &fault));
                tally.could_not(&id);
                if in_a_row >= FAULTS_IN_A_ROW {
                    return Err(fault);
                }
                counter.one_done();
            }
            Ok(done) => {
                in_a_row = 0;
                for note in &done.notes {
                    counter.say(note);
                }
                tally.count(&id, &done);
                counter.one_done();
            }
        }
    }
}
