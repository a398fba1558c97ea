//! How much runs at once.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{ScopedJoinHandle, available_parallelism};
use std::time::Duration;

use crate::processors::Processors;

/// How often who waits asks whether the processors idle.
const LOOK: Duration = Duration::from_millis(100);

/// A number of places; who takes one waits until one is free.
#[derive(Debug)]
pub struct Slots {
    state: Mutex<State>,
    freed: Condvar,
    /// How many places there are always.
    places: usize,
    /// How many may be taken while the processors idle.
    most: usize,
}

#[derive(Debug, Default)]
struct State {
    taken: usize,
    processors: Processors,
}

/// A place that is given back when this is dropped.
#[must_use = "the place is free again when this is dropped"]
#[derive(Debug)]
pub struct Slot<'a>(&'a Slots);

impl Slots {
    /// That many places, at least one.
    pub fn new(places: usize) -> Self {
        Self::elastic(places, places)
    }

    /// That many places, and up to `most` of them while the processors idle: for work that may
    /// compute, and may as well only wait.
    pub fn elastic(places: usize, most: usize) -> Self {
        let places = places.max(1);
        Self {
            state: Mutex::default(),
            freed: Condvar::new(),
            places,
            most: most.max(places),
        }
    }

    /// As many as there are cores: for work that computes.
    pub fn one_a_core() -> Self {
        Self::new(cores())
    }

    /// Waits for a free place and takes it.
    pub fn take(&self) -> Slot<'_> {
        let mut state = self.state();
        while !self.has_room(&mut state) {
            state = if self.most > self.places {
                let waited = self.freed.wait_timeout(state, LOOK);
                waited.unwrap_or_else(PoisonError::into_inner).0
            } else {
                let waited = self.freed.wait(state);
                waited.unwrap_or_else(PoisonError::into_inner)
            };
        }
        state.taken += 1;
        Slot(self)
    }

    fn has_room(&self, state: &mut State) -> bool {
        state.taken < self.places || (state.taken < self.most && state.processors.are_idle())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.0.state().taken -= 1;
        self.0.freed.notify_one();
    }
}

/// The cores that this process may use.
pub fn cores() -> usize {
    available_parallelism().map_or(1, usize::from)
}

/// What a thread comes to; a panic in it goes on in this one.
pub fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
