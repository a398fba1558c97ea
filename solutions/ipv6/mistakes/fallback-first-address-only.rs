//! Knows one address: the first.
//! stage: fallback
//! fails: fallback::a_dead_address_costs_a_delay
//! fails: fallback::a_refusal_costs_no_delay
//! fails: fallback::a_late_answer_still_counts
//! fails: fallback::the_loser_is_closed
//! fails: fallback::the_last_error_is_told
//! meant: fallback::a_refusal_costs_no_delay
//! says: A name is a list of addresses

use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::dead::Dead;
use std::io::{self, ErrorKind};
use std::time::Instant;

use berkeley::{
    Addr, POLLOUT, PollFd, SO_ERROR, SOCK_STREAM, Socket, errno, getsockopt, poll, set_nonblocking,
    socket,
};

/// Connects to the first of `addrs` that answers. They are tried in their order; the next one
/// `delay` after the last, or as soon as that has failed, while the earlier attempts go on.
///
/// What is returned is blocking; every other attempt is over by then. After `timeout`: [`Dead::Late`].
pub fn connect(
    addrs: &[SocketAddr],
    delay: Duration,
    timeout: Duration,
) -> Result<TcpStream, Dead> {
    let end = Instant::now() + timeout;
    let mut untried = addrs.iter().copied().take(1);
    let mut attempts: Vec<Attempt> = Vec::new();
    let mut failed = None;
    // When the next address is due.
    let mut due = Instant::now();
    loop {
        if Instant::now() >= due
            && let Some(addr) = untried.next()
        {
            due = Instant::now() + delay;
            match Attempt::begin(addr) {
                Ok(attempt) => attempts.push(attempt),
                Err(error) => {
                    failed = Some((addr, error));
                    due = Instant::now();
                }
            }
            continue;
        }
        if attempts.is_empty()
            && untried.len() == 0
            && let Some((last, error)) = failed
        {
            return Err(Dead::All { last, error });
        }
        let next = if untried.len() == 0 {
            end
        } else {
            due.min(end)
        };
        let over = wait(&attempts, next);
        // Who was tried first is preferred; each that is gone moves the others up.
        for (gone, place) in over.into_iter().enumerate() {
            let attempt = attempts.remove(place - gone);
            let addr = attempt.addr;
            match attempt.finish() {
                // The others are dropped on return, which ends them.
                Ok(stream) => return Ok(stream),
                Err(error) => {
                    failed = Some((addr, error));
                    due = Instant::now();
                }
            }
        }
        if Instant::now() >= end {
            return Err(Dead::Late);
        }
    }
}

/// A connection that is being made.
struct Attempt {
    addr: SocketAddr,
    socket: Socket,
}

impl Attempt {
    /// Begins to connect, and does not wait for the answer.
    fn begin(addr: SocketAddr) -> io::Result<Self> {
        let socket = socket(Addr::from(addr).family(), SOCK_STREAM, 0)?;
        set_nonblocking(&socket, true)?;
        match berkeley::connect(&socket, addr) {
            // Interrupted or not, it goes on being made (connect(2)).
            Err(error)
                if error.kind() == ErrorKind::Interrupted
                    || error.raw_os_error() == Some(errno::EINPROGRESS) => {}
            done => done?,
        }
        Ok(Self { addr, socket })
    }

    /// The connection, or why there is none: writable says only that it is over (connect(2)).
    fn finish(self) -> io::Result<TcpStream> {
        if let Some(error) = getsockopt(&self.socket, SO_ERROR)? {
            return Err(error);
        }
        set_nonblocking(&self.socket, false)?;
        Ok(self.socket.into())
    }
}

/// Waits for any of `attempts` to be over, until `end`; gives the places of those that are.
fn wait(attempts: &[Attempt], end: Instant) -> Vec<usize> {
    let mut fds: Vec<_> = attempts
        .iter()
        .map(|attempt| PollFd::new(&attempt.socket, POLLOUT))
        .collect();
    let left = end.saturating_duration_since(Instant::now());
    // After a signal the caller looks at the clock and waits again.
    if poll(&mut fds, Some(left)).is_err() {
        return Vec::new();
    }
    let over = fds.iter().enumerate();
    over.filter(|(_, fd)| !fd.revents.is_empty())
        .map(|(place, _)| place)
        .collect()
}
