//! Stage 5, `deadlines`: as `receive`, within limits of time.
//!
//! What is asked: docs/src/labs/client-basics.md#deadlines

use std::net::SocketAddr;
use std::time::Duration;
// solution:
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Instant;
// end

use crate::failure::Failure;
use crate::output::Output;

/// How long things may take; `None` is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// `--connect-timeout`: for the connection to be made.
    pub connect: Option<Duration>,
    /// `--read-timeout`: for the server to be silent.
    pub read: Option<Duration>,
    /// `--total-timeout`: for all of it, from the call to the end of the server's stream.
    pub total: Option<Duration>,
}

/// Connects to the server at `addr` and writes to `output` what comes from it, as it comes, to the
/// end of its stream, or until one of `limits` is reached.
pub fn receive(addr: SocketAddr, limits: Limits, output: &Output) -> Result<(), Failure> {
    // solution: let _ = (output,); todo!("connect to {addr} and print what comes, within {limits:?}")
    let total = Clock::start("--total-timeout", limits.total);
    let stream = connect(addr, limits.connect, &total)?;
    copy(&stream, limits.read, &total, output)
    // end
}

// solution:
/// A limit that is running: it knows the moment at which it is reached, so it does not matter
/// how many calls the time is spent in.
struct Clock {
    option: &'static str,
    limit: Duration,
    end: Option<Instant>,
}

impl Clock {
    fn start(option: &'static str, limit: Option<Duration>) -> Self {
        Clock {
            option,
            limit: limit.unwrap_or(Duration::MAX),
            // A limit that the clock cannot count to is none.
            end: limit.and_then(|limit| Instant::now().checked_add(limit)),
        }
    }

    /// What is left of it, which is never zero: to std, a timeout of zero is an error, and to
    /// the kernel it means none (socket(7)). Nothing when there is no limit.
    fn left(&self) -> Result<Option<Duration>, Failure> {
        let left = self
            .end
            .map(|end| end.saturating_duration_since(Instant::now()));
        if left == Some(Duration::ZERO) {
            let (option, ms) = (self.option, self.limit.as_millis());
            return Err(Failure::Deadline(format!("{option}: {ms} ms have passed")));
        }
        Ok(left)
    }
}

/// What is left of both.
fn left_of_both(one: &Clock, other: &Clock) -> Result<Option<Duration>, Failure> {
    let (one, other) = (one.left()?, other.left()?);
    Ok(one.into_iter().chain(other).min())
}

/// Connects. Left alone, connect gives up after minutes, when the kernel has sent its last SYN
/// (tcp(7), `tcp_syn_retries`).
fn connect(addr: SocketAddr, limit: Option<Duration>, total: &Clock) -> Result<TcpStream, Failure> {
    let clock = Clock::start("--connect-timeout", limit);
    let connected = match left_of_both(&clock, total)? {
        Some(left) => TcpStream::connect_timeout(&addr, left),
        None => TcpStream::connect(addr),
    };
    connected.or_else(|error| {
        // When time has run out it is that; a refusal is known at once and is told as it is.
        left_of_both(&clock, total)?;
        Err(Failure::Failed(format!(
            "cannot connect to {addr}: {error}"
        )))
    })
}

/// Copies to the end of the stream. Every read waits for what is left, no longer: a timeout of
/// its own for each would begin again with every byte that comes.
fn copy(
    mut stream: &TcpStream,
    limit: Option<Duration>,
    total: &Clock,
    mut output: &Output,
) -> Result<(), Failure> {
    let mut buffer = [0; 16 * 1024];
    let mut silence = Clock::start("--read-timeout", limit);
    loop {
        stream.set_read_timeout(left_of_both(&silence, total)?)?;
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => {
                output.write_all(&buffer[..length])?;
                silence = Clock::start("--read-timeout", limit);
            }
            Err(error) if is_no_news(error.kind()) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Whether a read that failed says nothing about the connection, so that the clocks are to be
/// looked at: its time was up (`WouldBlock` on Unix, `TimedOut` elsewhere), or the program was
/// stopped and continued (signal(7), on sockets with a timeout).
fn is_no_news(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}
// end
