//! Draining a program's stdout and stderr, so that it never blocks on a full pipe.

use std::io::{self, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How much is kept of the beginning, and how much of the end.
const KEPT: usize = 16 * 1024;

/// How much a program may write before it is told to have written too much.
const OUTPUT_LIMIT: usize = 128 * 1024 * 1024;

/// What is kept of a program's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// The first and the last 16 KiB.
    Ends,
    /// All of it, up to the limit: a client's output is its answer.
    All,
}

/// What a program has written to one of its pipes so far.
#[derive(Debug, Clone)]
pub(crate) struct Capture {
    shared: Arc<(Mutex<Captured>, Condvar)>,
}

#[derive(Debug, Default)]
struct Captured {
    head: Vec<u8>,
    tail: Vec<u8>,
    total: usize,
    closed: bool,
}

impl Capture {
    /// Drains `pipe` in a thread of its own until its writers are gone.
    pub(crate) fn of(mut pipe: impl Read + Send + 'static, keep: Keep) -> io::Result<Self> {
        let kept = if keep == Keep::All {
            OUTPUT_LIMIT
        } else {
            KEPT
        };
        let capture = Self {
            shared: Arc::default(),
        };
        let writer = capture.clone();
        thread::Builder::new()
            .name("capture".to_owned())
            .spawn(move || {
                let mut chunk = [0; 8192];
                loop {
                    match pipe.read(&mut chunk) {
                        Ok(0) => break,
                        Ok(count) => writer.append(&chunk[..count], kept),
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        Err(_) => break,
                    }
                }
                writer.lock().closed = true;
                writer.shared.1.notify_all();
            })?;
        Ok(capture)
    }

    fn append(&self, chunk: &[u8], kept: usize) {
        let mut captured = self.lock();
        captured.total += chunk.len();
        let room = kept.saturating_sub(captured.head.len()).min(chunk.len());
        captured.head.extend_from_slice(&chunk[..room]);
        captured.tail.extend_from_slice(&chunk[room..]);
        let surplus = captured.tail.len().saturating_sub(KEPT);
        captured.tail.drain(..surplus);
        self.shared.1.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Captured> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `ready` says so of (what came first, whether the pipe is closed), or until
    /// the deadline; tells whether it did.
    pub(crate) fn wait_until(
        &self,
        deadline: Instant,
        ready: impl Fn(&[u8], bool) -> bool,
    ) -> bool {
        let mut captured = self.lock();
        loop {
            if ready(&captured.head, captured.closed) {
                return true;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left == Duration::ZERO {
                return false;
            }
            let waited = self.shared.1.wait_timeout(captured, left);
            captured = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The first of what was written.
    pub(crate) fn head(&self) -> Vec<u8> {
        self.lock().head.clone()
    }

    /// The last of what was written, if that is more than [`Self::head`].
    pub(crate) fn tail(&self) -> Option<Vec<u8>> {
        let captured = self.lock();
        (!captured.tail.is_empty()).then(|| captured.tail.clone())
    }

    /// Whether more was written than a program may.
    pub(crate) fn is_over_limit(&self) -> bool {
        self.lock().total > OUTPUT_LIMIT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_last_of_much_output_are_kept() {
        let mut text = b"first".to_vec();
        text.extend(vec![b'.'; 1_000_000]);
        text.extend(b"last");
        let capture = Capture::of(io::Cursor::new(text), Keep::Ends).expect("a thread");
        assert!(capture.wait_until(Instant::now() + Duration::from_secs(30), |_, closed| closed));
        assert!(!capture.is_over_limit());
        assert!(capture.head().starts_with(b"first") && capture.head().len() == KEPT);
        let tail = capture.tail().expect("there is more than a head");
        assert!(tail.ends_with(b"last") && tail.len() == KEPT);
    }

    #[test]
    fn a_wait_ends_when_the_pipe_is_closed() {
        let capture = Capture::of(io::empty(), Keep::Ends).expect("a thread");
        let far = Instant::now() + Duration::from_secs(3600);
        assert!(capture.wait_until(far, |head, closed| head.ends_with(b"\n") || closed));
    }
}
