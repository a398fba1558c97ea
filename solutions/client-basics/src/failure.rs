//! Why a stage came to nothing, and the exit code that says so. Given.

use std::fmt;
use std::io;

/// How a stage failed. The text is a sentence for who called the program; `main` prints it to
/// stderr and leaves with [`Failure::code`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It did not work, or the answer is no. What the system reports becomes this by `?`.
    Failed(String),
    /// The peer broke the protocol.
    Protocol(String),
    /// A deadline passed.
    Deadline(String),
}

impl Failure {
    /// The program's exit code: 1, 3 or 4.
    pub fn code(&self) -> u8 {
        match self {
            Failure::Failed(_) => 1,
            Failure::Protocol(_) => 3,
            Failure::Deadline(_) => 4,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Failed(reason) | Failure::Protocol(reason) | Failure::Deadline(reason) => {
                f.write_str(reason)
            }
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Failed(error.to_string())
    }
}
