//! Stage 5, `fallback`: a thread for each attempt, a channel for outcomes, a socket to call them off.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use berkeley::{
    AF_UNIX, Addr, POLLIN, POLLOUT, PollFd, SO_ERROR, SOCK_STREAM, Socket, errno, getsockopt, poll,
    set_nonblocking, socket, socketpair,
};

use crate::dead::Dead;

/// What a thread reports of its address.
type Report = (SocketAddr, io::Result<TcpStream>);

/// Connects to the first of `addrs` that answers.
pub fn connect(
    addrs: &[SocketAddr],
    delay: Duration,
    timeout: Duration,
) -> Result<TcpStream, Dead> {
    // When one end is dropped, every thread sees the end of the stream at the other.
    let Ok((hold, stop)) = socketpair(AF_UNIX, SOCK_STREAM, 0) else {
        return Err(Dead::Late);
    };
    thread::scope(|scope| {
        let (sender, reports) = mpsc::channel::<Report>();
        let _hold = hold;
        let end = Instant::now() + timeout;
        let mut untried = addrs.iter();
        let mut open = 0;
        let mut due = Instant::now();
        loop {
            if Instant::now() >= due
                && let Some(addr) = untried.next()
            {
                let (sender, stop) = (sender.clone(), &stop);
                scope.spawn(move || attempt(*addr, stop, &sender));
                open += 1;
                due = Instant::now() + delay;
            }
            let until = if untried.len() > 0 { due.min(end) } else { end };
            let left = until.saturating_duration_since(Instant::now());
            match reports.recv_timeout(left) {
                Ok((_, Ok(stream))) => return Ok(stream),
                Ok((last, Err(error))) => {
                    open -= 1;
                    due = Instant::now();
                    if open == 0 && untried.len() == 0 {
                        return Err(Dead::All { last, error });
                    }
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    if Instant::now() >= end {
                        return Err(Dead::Late);
                    }
                }
            }
        }
    })
}

/// Connects, unless it is called off, and reports.
fn attempt(addr: SocketAddr, stop: &Socket, reports: &Sender<Report>) {
    if let Some(outcome) = connect_unless(addr, stop).transpose() {
        // Nobody may listen any more.
        let _ = reports.send((addr, outcome));
    }
}

fn connect_unless(addr: SocketAddr, stop: &Socket) -> io::Result<Option<TcpStream>> {
    let socket = socket(Addr::from(addr).family(), SOCK_STREAM, 0)?;
    set_nonblocking(&socket, true)?;
    if let Err(error) = berkeley::connect(&socket, addr)
        && error.raw_os_error() != Some(errno::EINPROGRESS)
    {
        return Err(error);
    }
    let mut fds = [PollFd::new(&socket, POLLOUT), PollFd::new(stop, POLLIN)];
    poll(&mut fds, None)?;
    if fds[0].revents.is_empty() {
        return Ok(None);
    }
    if let Some(error) = getsockopt(&socket, SO_ERROR)? {
        return Err(error);
    }
    set_nonblocking(&socket, false)?;
    Ok(Some(socket.into()))
}
