//! `cargo xtask watch`: try again on each save, only what changed.
//!
//! Testbench, isolation and check binaries are made ready once; a save costs one run of the
//! compiler and one of the checks. What is judged is said before it is waited for. The stage that
//! was saved last stays the one in question until another is saved: nothing moves on by itself.

mod changes;
mod keys;

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant, SystemTime};

use clap::Args;

use super::desk::{Desk, public};
use super::hint;
use super::next::Next;
use super::progress::{self, Progress};
use super::trial::Trial;
use super::trial::page::Told;
use crate::Outcome;
use crate::cli::{MannerArgs, takes_colour};
use crate::course::rubric::{Check, Stage};
use crate::course::selection::Asked;
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::grade::clock::rfc3339;
use crate::grade::{Grader, Manner, seed};
use crate::isolation;
use crate::output::page::Page;
use crate::output::paint::Paint;
use crate::output::print;
use crate::report::stage::counted;
use crate::stop::Stop;
use changes::Changes;
use keys::Keys;

/// How long nothing may be told before a look is taken all the same.
const LOOK: Duration = Duration::from_secs(1);

/// How long it has to be quiet after a save: editors save in several steps.
const QUIET: Duration = Duration::from_millis(10);

/// Clears the screen and goes to its top (ECMA-48 8.3.39 ED, 8.3.21 CUP).
const CLEAR: &str = "\x1b[2J\x1b[H";

/// What to watch.
#[derive(Debug, Args)]
pub struct WatchArgs {
    /// What to watch; without, every lab
    #[arg(value_name = "LAB[/STAGE]")]
    select: Option<String>,
    /// How to run things.
    #[command(flatten)]
    manner: MannerArgs,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    /// Something may have been saved.
    Saved,
    /// A key was pressed.
    Key(u8),
}

/// Watches until `q` is pressed.
///
/// # Errors
/// The selection means nothing, or the grader cannot do its work.
pub fn run(workspace: &Workspace, args: &WatchArgs) -> Result<Outcome> {
    let mut desks = Desk::all(workspace)?;
    let mut only = None;
    let mut current = None;
    if let Some(typed) = &args.select {
        let asked = Asked::parse(typed);
        let lab = asked.lab(workspace)?;
        only = asked.stage(&lab)?.map(|stage| stage.name.clone());
        if asked.leaf.is_some() {
            return Err(Fault::usage(
                format!("`{typed}` is a check, and stages are watched"),
                format!(
                    "cargo xtask watch {}/{}",
                    lab.name,
                    only.unwrap_or_default()
                ),
            ));
        }
        desks.retain(|desk| desk.lab.name == lab.name);
        if let (Some(desk), Some(stage)) = (desks.first(), only.as_deref()) {
            current = desk.lab.stage(stage).cloned().map(|stage| (0, stage));
        }
    }
    let current = match current {
        Some(current) => Some(current),
        None => coming(&desks, &Progress::read(workspace)?),
    };
    let labs: Vec<_> = desks.iter().map(|desk| &desk.lab).collect();
    let stop = Stop::on_signals()?;
    let manner = Manner {
        stop: stop.clone(),
        incremental: true,
        ..Manner::from(&args.manner)
    };
    let ready = Grader::ready(workspace, &labs, &manner);
    if stop.is_asked() {
        // Ctrl-C has ended the compilers, too: their complaints are no news.
        return Ok(Outcome::Done);
    }
    let grader = ready?;
    let (sender, events) = channel();
    let changes = Changes::of(&desks, sender.clone());
    let keys = Keys::listen(sender, &stop);
    Watch {
        workspace,
        grader,
        paint: Paint::new(takes_colour()),
        has_keys: keys.is_some(),
        desks,
        only,
        current,
        changes,
        stop,
    }
    .go(&events)
}

/// The stage that comes next among `desks`.
fn coming(desks: &[Desk], progress: &Progress) -> Option<(usize, Stage)> {
    let (desk, stage) = Next::of(desks, progress, &[]).stage()?;
    let place = desks
        .iter()
        .position(|known| known.lab.name == desk.lab.name)?;
    Some((place, stage.clone()))
}

struct Watch<'a> {
    workspace: &'a Workspace,
    grader: Grader,
    paint: Paint,
    has_keys: bool,
    desks: Vec<Desk>,
    /// The one stage that is watched, if one was named.
    only: Option<String>,
    /// The stage in question, and the place of its desk.
    current: Option<(usize, Stage)>,
    changes: Changes,
    /// Whether we are to leave, also in the midst of judging.
    stop: Stop,
}

impl Watch<'_> {
    /// Watches until somebody wants to leave; what was under way is given up then.
    fn go(&mut self, events: &Receiver<Event>) -> Result<Outcome> {
        let done = self.begin().and_then(|()| self.stay(events));
        if self.stop.is_asked() {
            return Ok(Outcome::Done);
        }
        done.map(|()| Outcome::Done)
    }

    fn stay(&mut self, events: &Receiver<Event>) -> Result<()> {
        let mut pressed = Vec::new();
        while !self.stop.is_asked() {
            match events.recv_timeout(LOOK) {
                Ok(Event::Key(key)) => pressed.push(key),
                Ok(Event::Saved) => {
                    while let Ok(event) = events.recv_timeout(QUIET) {
                        if let Event::Key(key) = event {
                            pressed.push(key);
                        }
                    }
                    self.look()?;
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Err(RecvTimeoutError::Timeout) => {
                    if self.changes.are_seen(&self.desks) {
                        self.look()?;
                    }
                }
            }
            for key in pressed.drain(..) {
                self.press(key)?;
            }
        }
        Ok(())
    }

    /// Says what is watched, and judges the stage in question.
    fn begin(&self) -> Result<()> {
        let mut page = Page::default();
        let isolation = isolation::line(&self.grader.isolation.described());
        page.row(self.paint.faint(&format!("isolation  {isolation}")));
        let labs: Vec<&str> = self
            .desks
            .iter()
            .map(|desk| desk.lab.name.as_str())
            .collect();
        let watched = match &self.only {
            Some(stage) => format!("{}/{stage}", labs.join("")),
            None => labs.join(", "),
        };
        page.row(format!("watching   {watched}"));
        if !self.changes.is_told() {
            page.row("           looking once a second: this system does not tell of saves");
        }
        print(&page.into_text())?;
        match &self.current {
            Some((place, stage)) => self.judge(&[(*place, vec![stage.clone()])], "first"),
            None => self.wait(),
        }
    }

    /// Finds what was saved, and judges it.
    fn look(&mut self) -> Result<()> {
        let mut saved = Vec::new();
        for (place, desk) in self.desks.iter_mut().enumerate() {
            let mut stages = Changes::of_desk(desk)?;
            if let Some(only) = &self.only {
                stages.retain(|stage| stage.name == *only);
            }
            if let Some(last) = stages.last() {
                self.current = Some((place, last.clone()));
                saved.push((place, stages));
            }
        }
        // So that what has just been read is not taken for news.
        self.changes.are_seen(&self.desks);
        if saved.is_empty() {
            return Ok(());
        }
        self.judge(&saved, "saved")
    }

    /// Judges these stages, each with the place of its desk, and tells the verdict.
    fn judge(&self, stages: &[(usize, Vec<Stage>)], why: &str) -> Result<()> {
        let files: Vec<String> = stages
            .iter()
            .flat_map(|(place, stages)| stages.iter().map(|stage| self.desks[*place].shown(stage)))
            .collect();
        let count = stages
            .iter()
            .flat_map(|(_, stages)| stages)
            .map(|stage| public(stage).count())
            .sum();
        let now = rfc3339(SystemTime::now());
        let time = now.get(11..19).unwrap_or_default();
        let checks = counted(count, "public check");
        let clear = if self.has_keys && why != "first" {
            CLEAR
        } else {
            ""
        };
        print(&format!(
            "{clear}{}\n{}\n",
            self.paint
                .head(&format!("{time} UTC  {why}: {}", files.join(", "))),
            self.paint.faint(&format!("compiling, then {checks} ...")),
        ))?;
        let began = Instant::now();
        let mut trials = Vec::new();
        for (place, stages) in stages {
            let desk = &self.desks[*place];
            let checks: Vec<&Check> = stages.iter().flat_map(public).collect();
            let seed = seed(None)?;
            trials.push((
                desk,
                Trial::run(&self.grader, desk, checks, &seed, &|_| ())?,
            ));
        }
        let took = began.elapsed().as_secs_f64();
        let mut progress = Progress::read(self.workspace)?;
        for (desk, trial) in &trials {
            progress.note(desk, &trial.record);
        }
        progress.save()?;
        let told = Told {
            workspace: self.workspace,
            progress: &progress,
            watched: true,
            paint: self.paint,
        };
        let tried: Vec<_> = trials.iter().map(|(desk, trial)| (*desk, trial)).collect();
        let mut page = Page::default();
        page.blank();
        page.append(&told.of_trials(&tried)?);
        page.blank();
        page.row(self.paint.faint(&format!("after {took:.2} s")));
        print(&page.into_text())?;
        self.wait()
    }

    /// Says what can be done now.
    fn wait(&self) -> Result<()> {
        let keys = if self.has_keys {
            "h hint   l list   r again   q quit   "
        } else {
            ""
        };
        print(&format!(
            "{}\n",
            self.paint.faint(&format!("{keys}waiting for a save ..."))
        ))
    }

    /// Does what a key asks for; those that ask to leave have asked for a stop.
    fn press(&self, key: u8) -> Result<()> {
        match (key.to_ascii_lowercase(), &self.current) {
            (b'h', Some((place, stage))) => {
                let desk = &self.desks[*place];
                self.show(hint::one_more(self.workspace, desk, stage, self.paint)?)
            }
            (b'l', _) => {
                let progress = Progress::read(self.workspace)?;
                self.show(progress::page::of(&self.desks, &progress, &[], self.paint))
            }
            (b'r', Some((place, stage))) => self.judge(&[(*place, vec![stage.clone()])], "again"),
            _ => Ok(()),
        }
    }

    /// Shows something below what stands there.
    fn show(&self, page: Page) -> Result<()> {
        print(&format!("\n{}\n", page.into_text()))?;
        self.wait()
    }
}
