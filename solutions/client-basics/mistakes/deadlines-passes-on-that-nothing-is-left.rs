//! Waits for what is left of the time, also when that is nothing: zero is refused.
//!
//! stage: deadlines
//! fails: deadlines::a_limit_passes_while_it_is_stopped
//! perhaps: deadlines::a_drip_meets_the_total
//! meant: deadlines::a_limit_passes_while_it_is_stopped
//! says: Nothing was left of the time, and no time at all is no timeout

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
        let quiet = limits.read.map(|read| heard + read);
        let next = quiet.into_iter().chain(end).min();
        stream.set_read_timeout(next.map(left))?;
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => {
                heard = Instant::now();
                output.write_all(&buffer[..length])?;
            }
            Err(error) => match error.kind() {
                ErrorKind::Interrupted => {}
                ErrorKind::WouldBlock | ErrorKind::TimedOut if next == end => {
                    return Err(late("--total-timeout"));
                }
                ErrorKind::WouldBlock | ErrorKind::TimedOut => return Err(late("--read-timeout")),
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

fn left(end: Instant) -> Duration {
    end.saturating_duration_since(Instant::now())
}

fn late(option: &str) -> Failure {
    Failure::Deadline(format!("too late: {option}"))
}
