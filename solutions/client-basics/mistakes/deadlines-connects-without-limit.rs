//! Bounds every read, and leaves connecting to the kernel, which tries for minutes.
//!
//! stage: deadlines
//! fails: deadlines::a_black_hole_is_given_up
//!        deadlines::the_total_covers_connecting
//! meant: deadlines::a_black_hole_is_given_up
//! says: A dropped SYN is retried for minutes

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
    let mut stream = TcpStream::connect(addr)?;
    let mut heard = Instant::now();
    let mut buffer = [0; 16384];
    loop {
        let quiet = limits.read.map(|read| heard + read);
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
