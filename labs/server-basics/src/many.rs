//! Stage 4, `many`: serve clients independently of each other, and within limits.
//!
//! What is asked: docs/src/labs/server-basics.md#many

use std::io;
use std::net::TcpListener;
use std::time::Duration;

/// What the server grants to clients.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many clients are served at once, at least one.
    pub max: usize,
    /// How long a client may be silent; never zero.
    pub idle: Duration,
}

/// Serves many clients at once, for ever: each line gets the reply of [`crate::calc::answer`].
///
/// Returning ends the program: with an error only when nobody can be served any more. After
/// `ECONNABORTED` or `EMFILE` from accept somebody can; after `EBADF`, `EINVAL`, `ENOTSOCK` nobody.
pub fn serve(listener: &TcpListener, limits: Limits) -> io::Result<()> {
    let _ = listener;
    todo!(
        "serve clients independently of each other, {} at once, each silent for {:?} at the most",
        limits.max,
        limits.idle
    )
}
