//! How much runs at once.

use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::{ScopedJoinHandle, available_parallelism};

/// A number of places; who takes one waits until one is free.
#[derive(Debug)]
pub struct Slots {
    free: Mutex<usize>,
    freed: Condvar,
}

/// A place that is given back when this is dropped.
#[must_use = "the place is free again when this is dropped"]
#[derive(Debug)]
pub struct Slot<'a>(&'a Slots);

impl Slots {
    /// That many places, at least one.
    pub fn new(places: usize) -> Self {
        Self {
            free: Mutex::new(places.max(1)),
            freed: Condvar::new(),
        }
    }

    /// As many as there are cores: for work that computes.
    pub fn one_a_core() -> Self {
        Self::new(cores())
    }

    /// Waits for a free place and takes it.
    pub fn take(&self) -> Slot<'_> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            free = self
                .freed
                .wait(free)
                .unwrap_or_else(PoisonError::into_inner);
        }
        *free -= 1;
        Slot(self)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
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
