//! Stage 1, `path`: a socket that is a file.
//!
//! What is asked: docs/src/labs/unix-sockets.md#path

use std::io;
use std::os::unix::net::UnixListener;
use std::path::Path;

/// Makes a socket that listens at `path`, with mode 0600.
///
/// A socket that a dead server has left there is replaced; anything else that is there stays, and is
/// an error. An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(path: &Path) -> io::Result<UnixListener> {
    todo!(
        "make a socket of mode 0600 that listens at {path:?}, where a dead server may have left its own"
    )
}

/// Takes the socket at `path` away; if it is gone already, nothing is left to do. `main` calls it on
/// SIGTERM, while the server still serves, and then exits with 0; after an error with 1.
pub fn leave(path: &Path) -> io::Result<()> {
    todo!(
        "what has to be done about {path:?} when the server ends, since the kernel does not do it?"
    )
}
