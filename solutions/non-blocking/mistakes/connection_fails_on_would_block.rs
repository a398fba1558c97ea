//! Takes WouldBlock for a failure.
//!
//! stage: connection
//! fails: connection::would_block_means_later
//! meant: connection::would_block_means_later
//! says: nothing is lost, and the connection goes on

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
        match socket.read(&mut buffer) {
            Ok(0) => self.finished = true,
            Ok(n) => self.unsent.extend_from_slice(&buffer[..n]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Gives `socket` what it takes.
    pub fn writable(&mut self, socket: &mut impl Write) -> io::Result<()> {
        match socket.write(&self.unsent) {
            Ok(n) => drop(self.unsent.drain(..n)),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Whether to wait for something to read.
    pub fn wants_read(&self) -> bool {
        !self.finished
    }

    /// Whether to wait for room to write.
    pub fn wants_write(&self) -> bool {
        !self.unsent.is_empty()
    }
}
