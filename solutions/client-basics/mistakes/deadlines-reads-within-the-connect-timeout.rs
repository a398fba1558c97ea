//! Uses the limit for connecting where it reads, too.
//!
//! stage: deadlines
//! fails: deadlines::a_connection_made_has_met_its_limit
//! meant: deadlines::a_connection_made_has_met_its_limit
//! says: --connect-timeout is over once the connection is made

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub connect: Option<Duration>,
    pub read: Option<Duration>,
    pub total: Option<Duration>,
}

pub fn receive(addr: SocketAddr, limits: Limits, mut output: &Output) -> Result<(), Failure> {
    let end = limits.total.map(|total| Instant::now() + total);
    let mut stream = connect(addr, limits.connect, end)?;
    let mut heard = Instant::now();
    let mut buffer = [0; 16384];
    loop {
        let quiet = limits.read.or(limits.connect).map(|read| heard + read);
        if over(end) {
            return Err(late("--total-timeout"));
        }
        if over(quiet) {
            return Err(late("--read-timeout"));
        }
        let next = quiet.into_iter().chain(end).min();
        stream.set_read_timeout(next.map(left))?;
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => {
                heard = Instant::now();
                output.write_all(&buffer[..length])?;
            }
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted => {}
                _ => return Err(error.into()),
            },
        }
    }
}

fn connect(
    addr: SocketAddr,
    limit: Option<Duration>,
    end: Option<Instant>,
) -> Result<TcpStream, Failure> {
    let by = limit.map(|limit| Instant::now() + limit);
    let connected = match by.into_iter().chain(end).min() {
        Some(next) => TcpStream::connect_timeout(&addr, left(next)),
        None => TcpStream::connect(addr),
    };
    match connected {
        Err(error) if error.kind() == ErrorKind::TimedOut && over(by) => {
            Err(late("--connect-timeout"))
        }
        Err(error) if error.kind() == ErrorKind::TimedOut && over(end) => {
            Err(late("--total-timeout"))
        }
        other => Ok(other?),
    }
}

fn over(end: Option<Instant>) -> bool {
    end.is_some_and(|end| Instant::now() >= end)
}

/// Never zero: that is no timeout.
fn left(end: Instant) -> Duration {
    end.saturating_duration_since(Instant::now())
        .max(Duration::from_millis(1))
}

fn late(option: &str) -> Failure {
    Failure::Deadline(format!("too late: {option}"))
}
