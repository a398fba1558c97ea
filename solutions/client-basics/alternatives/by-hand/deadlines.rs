//! `deadlines` with poll: every wait, for the connection too, is one call with a timeout.

use std::io::{self, ErrorKind, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use berkeley::{
    Addr, Events, POLLIN, POLLOUT, PollFd, SO_ERROR, SOCK_STREAM, Socket, errno, getsockopt, poll,
    recv, set_nonblocking, socket,
};

use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub connect: Option<Duration>,
    pub read: Option<Duration>,
    pub total: Option<Duration>,
}

/// The moments at which limits are reached, each with its name.
type Ends = [(&'static str, Option<Instant>); 2];

pub fn receive(addr: SocketAddr, limits: Limits, mut output: &Output) -> Result<(), Failure> {
    let began = Instant::now();
    let total = (
        "--total-timeout",
        limits.total.and_then(|total| began.checked_add(total)),
    );
    let socket = socket(Addr::from(addr).family(), SOCK_STREAM, 0)?;
    set_nonblocking(&socket, true)?;

    let connecting = (
        "--connect-timeout",
        limits.connect.and_then(|limit| began.checked_add(limit)),
    );
    let connected = match berkeley::connect(&socket, addr) {
        Err(error) if error.raw_os_error() == Some(errno::EINPROGRESS) => {
            wait(&socket, POLLOUT, [connecting, total])?;
            getsockopt(&socket, SO_ERROR)?.map_or(Ok(()), Err)
        }
        outcome => outcome,
    };
    connected.map_err(|error| Failure::Failed(format!("no connection with {addr}: {error}")))?;

    let mut buffer = vec![0; 32 * 1024];
    let mut heard = Instant::now();
    loop {
        let silence = (
            "--read-timeout",
            limits.read.and_then(|limit| heard.checked_add(limit)),
        );
        wait(&socket, POLLIN, [silence, total])?;
        match recv(&socket, &mut buffer, 0) {
            Ok(0) => return Ok(()),
            Ok(received) => {
                heard = Instant::now();
                output.write_all(&buffer[..received])?;
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Waits for one of `events`; the first of `ends` that is reached is an error.
fn wait(socket: &Socket, events: Events, ends: Ends) -> Result<(), Failure> {
    loop {
        let now = Instant::now();
        if let Some((name, _)) = ends
            .iter()
            .find(|(_, end)| end.is_some_and(|end| end <= now))
        {
            return Err(Failure::Deadline(format!("time is up, says {name}")));
        }
        let next = ends.iter().filter_map(|(_, end)| *end).min();
        let mut fds = [PollFd::new(socket, events)];
        match poll(&mut fds, next.map(|end| end - now)) {
            Ok(0) => {}
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(io::Error::into(error)),
        }
    }
}
