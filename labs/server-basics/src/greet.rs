//! Stage 1, `greet`: tell one client after another a text.
//!
//! What is asked: docs/src/labs/server-basics.md#greet

use std::io;
use std::net::{SocketAddr, TcpListener};

/// Makes a socket that listens on `addr`; with port 0 the kernel chooses one.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(addr: SocketAddr) -> io::Result<TcpListener> {
    todo!("make a listener on {addr}, and on no other address")
}

/// Sends `text` to each client as soon as it connects, then closes, for ever.
///
/// Returning ends the program: with an error only when nobody can be served any more. After
/// `ECONNABORTED` or `EMFILE` from accept somebody can; after `EBADF`, `EINVAL`, `ENOTSOCK` nobody.
pub fn serve(listener: &TcpListener, text: &str) -> io::Result<()> {
    let _ = listener;
    todo!("accept clients one after another and send each of them {text:?}")
}
