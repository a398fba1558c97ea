//! Gives the verdicts in the order in which they become known.
//!
//! stage: connect
//! fails: connect::a_black_hole_is_silent
//!        connect::verdicts_stand_in_the_order_asked
//! meant: connect::verdicts_stand_in_the_order_asked
//! says: each belongs to its address, and is told in its place

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use berkeley::{
    Addr, POLLOUT, PollFd, SO_ERROR, SOCK_STREAM, Socket, connect, errno, getsockopt, poll,
    set_nonblocking, socket,
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
    let mut pending: Vec<Socket> = Vec::new();
    for target in targets {
        let socket = socket(Addr::from(*target).family(), SOCK_STREAM, 0)?;
        set_nonblocking(&socket, true)?;
        match connect(&socket, *target) {
            Ok(()) => verdicts.push(Verdict::Open),
            Err(error) if error.raw_os_error() == Some(errno::EINPROGRESS) => pending.push(socket),
            Err(error) => verdicts.push(Verdict::Closed(error)),
        }
    }
    while !pending.is_empty() {
        let left = end.saturating_duration_since(Instant::now());
        let mut fds: Vec<_> = pending
            .iter()
            .map(|socket| PollFd::new(socket, POLLOUT))
            .collect();
        if poll(&mut fds, Some(left))? == 0 && left.is_zero() {
            break;
        }
        let mut ready: Vec<bool> = fds.iter().map(|fd| !fd.revents.is_empty()).collect();
        for socket in std::mem::take(&mut pending) {
            if ready.remove(0) {
                verdicts.push(match getsockopt(&socket, SO_ERROR)? {
                    None => Verdict::Open,
                    Some(error) => Verdict::Closed(error),
                });
            } else {
                pending.push(socket);
            }
        }
    }
    verdicts.resize_with(targets.len(), || Verdict::Silent);
    Ok(verdicts)
}
