//! Connecting in order of events: a list that gets shorter, looked at in short naps.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use berkeley::{
    Addr, POLLOUT, PollFd, SOCK_STREAM, Socket, connect, getpeername, poll, set_nonblocking, socket,
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
    let began = Instant::now();
    let mut sockets: Vec<Option<Socket>> = Vec::new();
    let mut verdicts = Vec::new();
    for target in targets {
        let fresh = socket(Addr::from(*target).family(), SOCK_STREAM, 0)?;
        set_nonblocking(&fresh, true)?;
        // Whatever it says, poll will say more.
        let _ = connect(&fresh, *target);
        sockets.push(Some(fresh));
        verdicts.push(Verdict::Silent);
    }
    loop {
        let is_last = began.elapsed() >= deadline;
        for (index, place) in sockets.iter_mut().enumerate() {
            if let Some(verdict) = place
                .as_ref()
                .map(|socket| look(socket, targets[index]))
                .transpose()?
                .flatten()
            {
                verdicts[index] = verdict;
                *place = None;
            }
        }
        let open: Vec<&Socket> = sockets.iter().flatten().collect();
        if open.is_empty() || is_last {
            return Ok(verdicts);
        }
        let mut fds: Vec<_> = open
            .iter()
            .map(|socket| PollFd::new(*socket, POLLOUT))
            .collect();
        let nap = deadline
            .saturating_sub(began.elapsed())
            .min(Duration::from_millis(50));
        match poll(&mut fds, Some(nap)) {
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
            _ => {}
        }
    }
}

/// How it went, if it is over.
fn look(socket: &Socket, target: SocketAddr) -> io::Result<Option<Verdict>> {
    let mut fd = [PollFd::new(socket, POLLOUT)];
    if poll(&mut fd, Some(Duration::ZERO))? == 0 {
        return Ok(None);
    }
    match berkeley::getsockopt(socket, berkeley::SO_ERROR)? {
        Some(error) => Ok(Some(Verdict::Closed(error))),
        None if getpeername(socket).is_ok() => Ok(Some(Verdict::Open)),
        None => Ok(Some(Verdict::Closed(io::Error::new(
            ErrorKind::NotConnected,
            format!("{target} gave no connection"),
        )))),
    }
}
