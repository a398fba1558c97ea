//! The wish to stop: a flag and a descriptor, both raised by SIGTERM. Given.

use std::io::{self, PipeReader};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::SIGTERM;
use signal_hook::{flag, low_level::pipe};

/// Tells whether SIGTERM has come.
///
/// Its descriptor becomes readable then and stays so, because nobody reads it: poll it beside a
/// socket to wait for both. A handler may do almost nothing (signal-safety(7)); this one sets a
/// flag and writes a byte to a pipe.
#[derive(Debug)]
pub struct Stop {
    requested: Arc<AtomicBool>,
    wake: PipeReader,
}

impl Stop {
    /// From here on SIGTERM raises what is returned, instead of ending the program.
    ///
    /// A call that is blocked when it comes goes on waiting (`SA_RESTART`, signal(7)), and so does
    /// `write_all`: only `poll` can wait for a socket and the signal at once. `poll` is never
    /// restarted: when the signal comes while it waits, it may return `Interrupted`. That
    /// is no error; look at [`Self::requested`].
    pub fn on_sigterm() -> io::Result<Self> {
        let requested = Arc::new(AtomicBool::new(false));
        let (wake, waker) = io::pipe()?;
        // In this order, so that whoever is woken finds the flag set.
        flag::register(SIGTERM, Arc::clone(&requested))?;
        pipe::register(SIGTERM, waker)?;
        Ok(Stop { requested, wake })
    }

    /// Whether SIGTERM has come.
    pub fn requested(&self) -> bool {
        self.requested.load(Ordering::SeqCst)
    }
}

impl AsFd for Stop {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.wake.as_fd()
    }
}
