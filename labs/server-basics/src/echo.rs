//! Stage 2, `echo`: return every byte until the client has finished.
//!
//! What is asked: docs/src/labs/server-basics.md#echo

use std::io;
use std::net::TcpListener;

/// Serves one client after another, for ever: every byte goes back until the client's end of stream.
///
/// Returning ends the program: with an error only when nobody can be served any more. After
/// `ECONNABORTED` or `EMFILE` from accept somebody can; after `EBADF`, `EINVAL`, `ENOTSOCK` nobody.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    todo!("accept clients one after another and send back what each of them sends")
}
