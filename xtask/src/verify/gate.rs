//! A gate: one thing that has to hold, and what is wrong where it does not.

use std::time::{Duration, Instant};

use crate::fault::Result;
use crate::output::page::Page;
use crate::output::paint::Paint;
use crate::output::plain::{line, wrapped};
use crate::report::failure::WIDTH;
use crate::report::stage::counted;

/// How wide a gate's name and what it proved are shown.
const NAME: usize = 12;
const PROVED: usize = 44;

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What.
    pub what: String,
    /// What to do next.
    pub remedy: String,
}

impl Trouble {
    /// `what` does not hold; `remedy` mends it.
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            remedy: remedy.into(),
        }
    }
}

/// What going through a gate showed.
#[derive(Debug, Clone, Default)]
pub struct Passage {
    /// What was looked at, with figures: `48 checks, 31 rules`.
    pub looked_at: String,
    /// What does not hold.
    pub troubles: Vec<Trouble>,
    /// What did not hold at first, and did when its program was alone.
    pub once: Vec<Trouble>,
}

/// A gate that was gone through.
#[derive(Debug, Clone)]
pub struct Gate {
    name: &'static str,
    passage: Passage,
    took: Duration,
}

impl Gate {
    /// Goes through a gate and takes its time.
    ///
    /// # Errors
    /// Those of `go`: it could not be tried at all.
    pub fn through(name: &'static str, go: impl FnOnce() -> Result<Passage>) -> Result<Self> {
        let began = Instant::now();
        Ok(Self {
            name,
            passage: go()?,
            took: began.elapsed(),
        })
    }

    /// Whether all holds.
    pub fn holds(&self) -> bool {
        self.passage.troubles.is_empty()
    }

    /// The gate in a line: `  solution    48 checks, 100 of 100 points    ok       2.4 s`.
    pub fn row(&self, paint: Paint) -> String {
        let verdict = match self.passage.troubles.len() {
            0 => format!("{:<12}", "ok"),
            count => format!("{:<12}", counted(count, "trouble")),
        };
        let verdict = if self.holds() {
            paint.good(&verdict)
        } else {
            paint.bad(&verdict)
        };
        let seconds = self.took.as_secs_f64();
        let looked_at = &self.passage.looked_at;
        format!(
            "  {:<NAME$}  {looked_at:<PROVED$}  {verdict} {seconds:>5.1} s",
            self.name
        )
    }

    /// What does not hold, each with what to do next.
    pub fn troubles(&self, paint: Paint) -> Page {
        self.page(&self.passage.troubles, "", paint)
    }

    /// What held only when its program was alone, each with what to do if it comes again.
    pub fn once(&self, paint: Paint) -> Page {
        self.page(&self.passage.once, "once, and not again: ", paint)
    }

    fn page(&self, troubles: &[Trouble], when: &str, paint: Paint) -> Page {
        let mut page = Page::default();
        for trouble in troubles {
            let mut one = Page::default();
            let what = format!("{}: {when}{}", self.name, trouble.what);
            // Rows below the first hang; what a compiler says keeps its own rows.
            let rows: Vec<String> = if what.contains('\n') {
                what.lines().map(|row| line(row).into_owned()).collect()
            } else {
                wrapped(&line(&what), WIDTH - 2)
            };
            for (index, row) in rows.iter().enumerate() {
                one.row(if index == 0 {
                    paint.head(row)
                } else {
                    format!("  {row}")
                });
            }
            one.row(format!("  next: {}", line(&trouble.remedy)));
            page.below(&one);
        }
        page
    }
}
