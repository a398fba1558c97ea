//! Stage 5, `connect`: many connections at once, and what became of each.
//!
//! What is asked: docs/src/labs/non-blocking.md#connect

use std::io;
use std::net::SocketAddr;
use std::time::Duration;
// solution:
use std::io::ErrorKind;
use std::time::Instant;

use berkeley::{
    Addr, POLLOUT, PollFd, SO_ERROR, SOCK_STREAM, Socket, connect, errno, getsockopt, poll,
    set_nonblocking, socket,
};
// end

/// What became of a connection.
#[derive(Debug)]
pub enum Verdict {
    /// It was made.
    Open,
    /// It was refused, or could not be made for another reason.
    Closed(io::Error),
    /// There was no answer until the deadline.
    Silent,
}

/// Connects to all `targets` at once, in the thread that calls it, and gives a verdict for each, in
/// their order: as soon as the last is known, or when `deadline` has passed since the call.
///
/// An error: this machine cannot do it at all.
pub fn connect_all(targets: &[SocketAddr], deadline: Duration) -> io::Result<Vec<Verdict>> {
    // solution: todo!("begin to connect to all of {targets:?} without waiting, then poll them all until each has a verdict or {deadline:?} have passed")
    let end = Instant::now() + deadline;
    let mut verdicts = Vec::with_capacity(targets.len());
    let mut pending = Vec::new();
    for (index, target) in targets.iter().enumerate() {
        verdicts.push(match begin(*target) {
            Ok(Begun::Connected) => Verdict::Open,
            Ok(Begun::UnderWay(socket)) => {
                pending.push((index, socket));
                Verdict::Silent
            }
            Err(error) => Verdict::Closed(error),
        });
    }
    while !pending.is_empty() {
        let left = end.saturating_duration_since(Instant::now());
        let mut over = wait(&pending, left)?.into_iter();
        // Who has a verdict needs its socket no longer.
        pending.retain(|(index, socket)| {
            let is_over = over.next().unwrap_or(false);
            if is_over {
                verdicts[*index] = verdict_on(socket);
            }
            !is_over
        });
        if left == Duration::ZERO {
            break;
        }
    }
    Ok(verdicts)
    // end
}

// solution:
/// How far connecting has come when the call returns.
enum Begun {
    Connected,
    UnderWay(Socket),
}

/// Begins to connect, and does not wait for the answer.
fn begin(target: SocketAddr) -> io::Result<Begun> {
    let socket = socket(Addr::from(target).family(), SOCK_STREAM, 0)?;
    set_nonblocking(&socket, true)?;
    match connect(&socket, target) {
        Ok(()) => Ok(Begun::Connected),
        // After a signal, too, the connection goes on being made (connect(2), EINTR).
        Err(error) if error.kind() == ErrorKind::Interrupted => Ok(Begun::UnderWay(socket)),
        Err(error) if error.raw_os_error() == Some(errno::EINPROGRESS) => {
            Ok(Begun::UnderWay(socket))
        }
        Err(error) => Err(error),
    }
}

/// Waits until some of `pending` are over, no longer than `left`, and tells of each whether it is.
fn wait(pending: &[(usize, Socket)], left: Duration) -> io::Result<Vec<bool>> {
    let mut fds: Vec<_> = pending
        .iter()
        .map(|(_, socket)| PollFd::new(socket, POLLOUT))
        .collect();
    match poll(&mut fds, Some(left)) {
        Err(error) if error.kind() != ErrorKind::Interrupted => Err(error),
        _ => Ok(fds.iter().map(|fd| !fd.revents.is_empty()).collect()),
    }
}

/// Writable means that it is over, not that it went well: the error that waits at the socket tells
/// (connect(2), EINPROGRESS).
fn verdict_on(socket: &Socket) -> Verdict {
    match getsockopt(socket, SO_ERROR) {
        Ok(None) => Verdict::Open,
        Ok(Some(error)) | Err(error) => Verdict::Closed(error),
    }
}
// end
