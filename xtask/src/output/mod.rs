//! How things are put on a terminal, a pipe or a file.

pub mod page;
pub mod paint;
pub mod plain;
pub mod progress;

use std::fmt::Display;
use std::io::{self, Write};

use crate::fault::{Fault, Result};

/// Puts `text` on stdout.
///
/// A reader that has gone away (`| head`) wanted no more, which is no fault.
///
/// # Errors
/// It cannot be written, as on a full disk.
pub fn print(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Fault::grader(
            format!("cannot write to stdout: {error}"),
            "look where stdout leads to; is that disk full?",
        )),
        _ => Ok(()),
    }
}

/// Puts `text` on stderr, and a line end; if that is gone, too, nobody is there to tell.
pub fn print_error(text: impl Display) {
    let text = plain::lines(&text.to_string());
    _ = writeln!(io::stderr().lock(), "{text}");
}
