//! Waits for each address in a thread of its own.
//!
//! stage: connect
//! fails: connect::one_descriptor_each_and_one_thread
//! meant: connect::one_descriptor_each_and_one_thread
//! says: needs no thread to wait in

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

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
    let attempts: Vec<_> = targets
        .iter()
        .map(|&target| thread::spawn(move || TcpStream::connect_timeout(&target, deadline)))
        .collect();
    let verdicts = attempts.into_iter().map(|attempt| match attempt.join() {
        Ok(Ok(_)) => Verdict::Open,
        Ok(Err(error)) if error.kind() == ErrorKind::TimedOut => Verdict::Silent,
        Ok(Err(error)) => Verdict::Closed(error),
        Err(_) => Verdict::Closed(ErrorKind::Other.into()),
    });
    Ok(verdicts.collect())
}
