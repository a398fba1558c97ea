//! What a waiting person sees: on stderr, and only as much as a terminal can take back.

use std::cell::Cell;
use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Says `text` on stderr: on a terminal as a line that vanishes with the answer, else once.
pub fn notice(text: &str) -> Notice {
    if !stderr().is_terminal() {
        super::print_error(text);
        return Notice(ProgressBar::hidden());
    }
    let bar = ProgressBar::new_spinner().with_message(text.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    Notice(bar)
}

/// A notice that stands as long as this lives.
#[must_use = "the notice vanishes when this is dropped"]
#[derive(Debug)]
pub struct Notice(ProgressBar);

impl Drop for Notice {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// A bar that counts `len` of `what`; seen on a terminal's stderr only.
pub fn bar(len: usize, what: &str) -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let template = format!("{{bar:24}} {{pos}} of {{len}} {what}  {{msg}} {{eta}} left");
    let style = ProgressStyle::with_template(&template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("##.");
    ProgressBar::with_draw_target(Some(len as u64), ProgressDrawTarget::stderr()).with_style(style)
}

/// How often progress is told where a line cannot be taken back.
const TELL_EVERY: Duration = Duration::from_secs(30);

/// Counts what is done of much: a bar on a terminal's stderr, else a line now and then.
#[derive(Debug)]
pub struct Counter {
    bar: ProgressBar,
    len: usize,
    what: String,
    began: Instant,
    done: Cell<usize>,
    told: Cell<Instant>,
}

impl Counter {
    /// Nothing of `len` is done yet.
    pub fn new(len: usize, what: &str) -> Self {
        let bar = bar(len, what);
        bar.enable_steady_tick(Duration::from_secs(1));
        Self {
            bar,
            len,
            what: what.to_owned(),
            began: Instant::now(),
            done: Cell::new(0),
            told: Cell::new(Instant::now()),
        }
    }

    /// One more is done.
    pub fn one_done(&self) {
        self.done.set(self.done.get() + 1);
        self.bar.inc(1);
        self.glance();
    }

    /// Tells how far it is, if it was not told for long.
    pub fn glance(&self) {
        if !stderr().is_terminal() && self.told.get().elapsed() > TELL_EVERY {
            self.told.set(Instant::now());
            let Self { len, what, .. } = self;
            let done = self.done.get();
            super::print_error(format!("{done} of {len} {what}{}", self.left()));
        }
    }

    /// Says something that is to stay.
    pub fn say(&self, text: &str) {
        self.bar.suspend(|| super::print_error(text));
    }

    /// The time that is left if it goes on as before.
    fn left(&self) -> String {
        let done = u32::try_from(self.done.get()).unwrap_or(u32::MAX);
        let open = self.len.saturating_sub(self.done.get());
        match self.began.elapsed().checked_div(done) {
            Some(each) => {
                let left = each.saturating_mul(u32::try_from(open).unwrap_or(u32::MAX));
                format!(", {} left", HumanDuration(left))
            }
            None => String::new(),
        }
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
