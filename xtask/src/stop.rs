//! The wish that all should end: Ctrl-C, or a SIGTERM from whoever runs us.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::TERM_SIGNALS;
use signal_hook::flag;

use crate::fault::{Fault, Result};

/// The exit code of a program that SIGINT has ended, as shells tell it: 128 and the signal.
const ENDED_BY_SIGNAL: i32 = 130;

/// Whether a stop is asked for; every copy tells the same.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// One that no signal asks for.
    pub fn never() -> Self {
        Self::default()
    }

    /// One that the first SIGINT, SIGTERM or SIGQUIT asks for. The second of them ends this
    /// process at once, in case the first has not done it.
    ///
    /// # Errors
    /// This process gets no signals.
    pub fn on_signals() -> Result<Self> {
        let stop = Self::default();
        for signal in TERM_SIGNALS {
            // In this order: at the first signal the flag is not yet set for the first of them.
            flag::register_conditional_shutdown(*signal, ENDED_BY_SIGNAL, Arc::clone(&stop.0))
                .and_then(|_| flag::register(*signal, Arc::clone(&stop.0)))
                .map_err(|error| no_signals(&error))?;
        }
        Ok(stop)
    }

    /// Asks for a stop.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether a stop is asked for.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What was under way was given up because a stop was asked for.
pub fn interrupted() -> Fault {
    Fault::grader(
        "interrupted",
        "the same command again: what is finished is not done twice",
    )
}

fn no_signals(error: &io::Error) -> Fault {
    Fault::grader(
        format!("cannot listen to signals: {error}"),
        "try again; if it stays so, restart the machine",
    )
}
