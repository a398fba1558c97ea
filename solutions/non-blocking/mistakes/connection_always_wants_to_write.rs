//! Asks for room though it has nothing to write.
//!
//! stage: connection
//! fails: connection::what_comes_goes_back
//!        connection::a_short_write_is_continued
//!        connection::what_comes_later_waits_behind
//!        connection::would_block_means_later
//!        connection::an_interruption_is_no_failure
//!        connection::the_end_waits_for_the_rest
//!        connection::writing_is_wanted_with_something_to_write
//! meant: connection::writing_is_wanted_with_something_to_write
//! says: ask to write only while bytes wait for it

use std::io::{self, ErrorKind, Read, Write};

/// One client of an echo, without its socket.
#[derive(Debug, Default)]
pub struct Connection {
    unsent: Vec<u8>,
    finished: bool,
}

impl Connection {
    /// A connection over which nothing has passed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes what `socket` has.
    pub fn readable(&mut self, socket: &mut impl Read) -> io::Result<()> {
        let mut buffer = [0; 4096];
        loop {
            match socket.read(&mut buffer) {
                Ok(0) => {
                    self.finished = true;
                    return Ok(());
                }
                Ok(n) => self.unsent.extend_from_slice(&buffer[..n]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Gives `socket` what it takes.
    pub fn writable(&mut self, socket: &mut impl Write) -> io::Result<()> {
        while !self.unsent.is_empty() {
            match socket.write(&self.unsent) {
                Ok(n) => drop(self.unsent.drain(..n)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Whether to wait for something to read.
    pub fn wants_read(&self) -> bool {
        !self.finished
    }

    /// Whether to wait for room to write.
    pub fn wants_write(&self) -> bool {
        true
    }
}
