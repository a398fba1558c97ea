//! Takes a writable socket for a connection.
//!
//! stage: connect
//! fails: connect::tells_open_from_closed
//!        connect::verdicts_stand_in_the_order_asked
//! meant: connect::tells_open_from_closed
//! says: Writable may mean failed: ask SO_ERROR (take_error).

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use berkeley::{
    Addr, POLLOUT, PollFd, SOCK_STREAM, Socket, connect, errno, poll, set_nonblocking, socket,
};

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

/// Connects to all `targets` at once.
pub fn connect_all(targets: &[SocketAddr], deadline: Duration) -> io::Result<Vec<Verdict>> {
    let end = Instant::now() + deadline;
    let mut verdicts = Vec::new();
    let mut pending: Vec<(usize, Socket)> = Vec::new();
    for (index, target) in targets.iter().enumerate() {
        let socket = socket(Addr::from(*target).family(), SOCK_STREAM, 0)?;
        set_nonblocking(&socket, true)?;
        verdicts.push(match connect(&socket, *target) {
            Ok(()) => Verdict::Open,
            Err(error) if error.raw_os_error() == Some(errno::EINPROGRESS) => {
                pending.push((index, socket));
                Verdict::Silent
            }
            Err(error) => Verdict::Closed(error),
        });
    }
    while !pending.is_empty() {
        let left = end.saturating_duration_since(Instant::now());
        let mut fds: Vec<_> = pending
            .iter()
            .map(|(_, socket)| PollFd::new(socket, POLLOUT))
            .collect();
        if poll(&mut fds, Some(left))? == 0 && left.is_zero() {
            break;
        }
        let mut ready: Vec<bool> = fds.iter().map(|fd| !fd.revents.is_empty()).collect();
        for (index, socket) in std::mem::take(&mut pending) {
            if ready.remove(0) {
                verdicts[index] = Verdict::Open;
            } else {
                pending.push((index, socket));
            }
        }
    }
    Ok(verdicts)
}
