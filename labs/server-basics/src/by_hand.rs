//! Stage 6, `by-hand`: `echo` again, with the calls themselves.
//!
//! What is asked: docs/src/labs/server-basics.md#by-hand

use std::io;
use std::net::SocketAddr;

use berkeley::Socket;

/// Makes a socket that listens on `addr`, with room for `backlog` clients that wait to be accepted.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn make_listener(addr: SocketAddr, backlog: i32) -> io::Result<Socket> {
    todo!("make a socket that listens on {addr} with a backlog of {backlog}")
}

/// Serves one client after another, for ever: every byte goes back until the client's end of stream.
///
/// Returning ends the program: with an error only when nobody can be served any more. After
/// `ECONNABORTED` or `EMFILE` from accept somebody can; after `EBADF`, `EINVAL`, `ENOTSOCK` nobody.
pub fn serve(listener: &Socket) -> io::Result<()> {
    let _ = listener;
    todo!("accept clients one after another and send back what each of them sends")
}
