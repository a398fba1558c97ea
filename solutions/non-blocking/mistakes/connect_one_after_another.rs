//! Tries the next when the one before has a verdict.
//!
//! stage: connect
//! fails: connect::all_are_tried_at_once
//!        connect::one_descriptor_each_and_one_thread
//! meant: connect::all_are_tried_at_once
//! says: Begin all connections before you wait for any

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
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

/// Connects to all `targets`.
pub fn connect_all(targets: &[SocketAddr], deadline: Duration) -> io::Result<Vec<Verdict>> {
    let verdict = |target| match TcpStream::connect_timeout(target, deadline) {
        Ok(_) => Verdict::Open,
        Err(error) if error.kind() == ErrorKind::TimedOut => Verdict::Silent,
        Err(error) => Verdict::Closed(error),
    };
    Ok(targets.iter().map(verdict).collect())
}
