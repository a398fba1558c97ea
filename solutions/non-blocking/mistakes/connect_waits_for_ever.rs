//! Waits until the kernel gives up.
//!
//! stage: connect
//! fails: connect::a_black_hole_is_silent
//!        connect::verdicts_stand_in_the_order_asked
//!        connect::all_are_tried_at_once
//! meant: connect::a_black_hole_is_silent
//! says: at the deadline the verdict is silent

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

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
pub fn connect_all(targets: &[SocketAddr], _deadline: Duration) -> io::Result<Vec<Verdict>> {
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
        let mut fds: Vec<_> = pending
            .iter()
            .map(|(_, socket)| PollFd::new(socket, POLLOUT))
            .collect();
        poll(&mut fds, None)?;
        let mut ready: Vec<bool> = fds.iter().map(|fd| !fd.revents.is_empty()).collect();
        for (index, socket) in std::mem::take(&mut pending) {
            if ready.remove(0) {
                verdicts[index] = match getsockopt(&socket, SO_ERROR)? {
                    None => Verdict::Open,
                    Some(error) => Verdict::Closed(error),
                };
            } else {
                pending.push((index, socket));
            }
        }
    }
    Ok(verdicts)
}
