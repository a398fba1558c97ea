//! Standard output, for what the server has to say. Given.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;

/// Standard output without a buffer: what is written is out at once. (`io::stdout()` holds back
/// what comes after the last line end.) Write to a `&Output`, from any thread.
///
/// It is a type of its own, so that `io::copy` reads and writes by turns. Between a socket and a
/// plain file `io::copy` splices (splice(2)); and a splice that waits for the socket holds the lock
/// of the pipe behind stdout, so that whoever reads there does not get what is in it already.
#[derive(Debug)]
pub struct Output(File);

impl Output {
    /// This program's.
    pub fn of_this_program() -> io::Result<Self> {
        Ok(Output(io::stdout().as_fd().try_clone_to_owned()?.into()))
    }
}

impl Write for &Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (&self.0).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
