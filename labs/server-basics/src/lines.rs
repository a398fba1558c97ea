//! Stage 3, `lines`: find messages in a stream that keeps no message boundaries.
//!
//! What is asked: docs/src/labs/server-basics.md#lines

use std::io;
use std::net::TcpListener;

/// Serves one client after another, for ever: each line gets the reply of [`crate::calc::answer`].
///
/// Returning ends the program: with an error only when nobody can be served any more. After
/// `ECONNABORTED` or `EMFILE` from accept somebody can; after `EBADF`, `EINVAL`, `ENOTSOCK` nobody.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    todo!("accept clients one after another and answer each line that comes")
}
