//! The check process's own descriptors: a check with hundreds of clients has a socket for each.

use std::io;
use std::sync::Once;

use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::failure::Failure;

/// Enough for all checks of a lab at once.
const WANTED: u64 = 8192;

/// Raises the soft limit of this process as far as it is wanted and may be, once.
pub(crate) fn raise_limit() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let limit = getrlimit(Resource::Nofile);
        let most = limit.maximum.unwrap_or(WANTED).min(WANTED);
        if limit.current.is_some_and(|current| current < most) {
            // Where it cannot be raised, checks with few clients do not need it.
            _ = setrlimit(
                Resource::Nofile,
                Rlimit {
                    current: Some(most),
                    maximum: limit.maximum,
                },
            );
        }
    });
}

/// Why there is no socket: too few descriptors are the machine's lack, all else the grader's fault.
pub(crate) fn no_socket(doing: &str, error: &io::Error) -> Failure {
    match Errno::from_io_error(error) {
        Some(Errno::MFILE | Errno::NFILE) => Failure::lack(
            "this machine does not let the checks have so many descriptors (ulimit -n)",
        ),
        _ => Failure::grader(doing, error),
    }
}
