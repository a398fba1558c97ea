//! Why a client ends without what it was asked for. Given.

use std::fmt::{self, Display, Formatter};
use std::io;

/// A reason, as a sentence for people; its kind is the exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It did not work, or the answer is no: exit code 1.
    No(String),
    /// The peer broke the protocol: exit code 3.
    BrokenProtocol(String),
    /// The deadline passed: exit code 4.
    Deadline(String),
}

impl Failure {
    /// What the program leaves with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::No(_) => 1,
            Self::BrokenProtocol(_) => 3,
            Self::Deadline(_) => 4,
        }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (Self::No(reason) | Self::BrokenProtocol(reason) | Self::Deadline(reason)) = self;
        f.write_str(reason)
    }
}

/// An error of a call that means nothing more exact: it did not work.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::No(error.to_string())
    }
}
