//! `leave` with blocking calls: reads time out now and then to look whether SIGTERM has come, and a
//! second thread shuts the listener down, which wakes accept (on Linux).

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use berkeley::{POLLIN, PollFd, SHUT_RDWR, poll, shutdown};

use crate::calc;
use crate::stop::Stop;

/// How often a blocked read looks up.
const TICK: Duration = Duration::from_millis(25);

/// Serves one client after another until `stop` is requested.
pub fn serve(listener: TcpListener, stop: &Stop, drain: Duration) -> io::Result<()> {
    let outcome = thread::scope(|scope| {
        let watcher = thread::Builder::new().stack_size(64 * 1024);
        watcher.spawn_scoped(scope, || shut_when_told(&listener, stop))?;
        while !stop.requested() {
            match listener.accept() {
                Ok((client, peer)) => {
                    if let Err(error) = visit(&client, stop, drain) {
                        eprintln!("{peer}: {error}");
                    }
                }
                // Shut down by the watcher, or an error of its own; the loop tells.
                Err(error) => {
                    eprintln!("accept: {error}");
                    thread::sleep(Duration::from_millis(10));
                }
            }
        }
        Ok(())
    });
    // The watcher has ended, too.
    drop(listener);
    outcome
}

/// Refuses newcomers from SIGTERM on, and wakes an accept that is waiting.
fn shut_when_told(listener: &TcpListener, stop: &Stop) {
    while !stop.requested() {
        // Interrupted by the signal itself, for instance; then the loop tells.
        _ = poll(&mut [PollFd::new(stop, POLLIN)], None);
    }
    if let Err(error) = shutdown(listener, SHUT_RDWR) {
        eprintln!("the listener was not shut down: {error}");
    }
}

/// A conversation, and its end in three steps.
fn visit(mut client: &TcpStream, stop: &Stop, drain: Duration) -> io::Result<()> {
    client.set_nodelay(true)?;
    client.set_read_timeout(Some(TICK))?;
    converse(client, stop)?;
    client.shutdown(Shutdown::Write)?;
    let end = Instant::now() + drain;
    let mut unwanted = [0; 8192];
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        client.set_read_timeout(Some(left))?;
        match client.read(&mut unwanted) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if is_a_tick(&error) => {}
            Err(error) => return Err(error),
        }
    }
}

fn converse(mut client: &TcpStream, stop: &Stop) -> io::Result<()> {
    let mut received = Vec::new();
    let mut buffer = [0; 2048];
    while !stop.requested() {
        if let Some(end) = received.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = received.drain(..=end).collect();
            let text = &line[..end];
            let text = text.strip_suffix(b"\r").unwrap_or(text);
            if text.len() > calc::MAX_LINE {
                return client.write_all(calc::TOO_LONG);
            }
            client.write_all(&calc::answer_or_blob(text))?;
            continue;
        }
        // One byte more may be the CR of a line end.
        if received.len() > calc::MAX_LINE + 1 {
            return client.write_all(calc::TOO_LONG);
        }
        match client.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => received.extend_from_slice(&buffer[..n]),
            Err(error) if is_a_tick(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Nothing has come for a tick, or a signal has.
fn is_a_tick(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}
