//! How to ask a server, how that can end, and which exit code that is. Given.

use std::io;
use std::time::Duration;

use crate::record::Record;

/// How long, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How long to wait for an answer before asking again; never zero.
    pub retry: Duration,
    /// How often to ask, at least once.
    pub tries: u32,
}

/// What a server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The records of the answer section, in their order, at least one: exit code 0.
    Records(Vec<Record>),
    /// The name exists and has no such record (NODATA): exit code 0, and nothing to print.
    NoData,
    /// There is no such name (NXDOMAIN): exit code 1.
    NoSuchName,
}

/// Why there is no answer. Each text is a sentence for people.
#[derive(Debug)]
pub enum Trouble {
    /// The name cannot be asked for: exit code 1.
    Name(String),
    /// The system refused something, a connection for example: exit code 1.
    System(io::Error),
    /// The server answered what is no answer (SERVFAIL, half a message): exit code 3.
    Server(String),
    /// Nothing came in time: exit code 4.
    Silence,
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Trouble::System(error)
    }
}
