//! An echo that keeps what is still to go in one piece, and how much of it has gone.

use std::io::{self, ErrorKind, Read, Write};

/// One client of an echo, without its socket.
#[derive(Debug, Default)]
pub struct Connection {
    pending: Vec<u8>,
    gone: usize,
    at_end: bool,
}

impl Connection {
    /// A connection over which nothing has passed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads once.
    pub fn readable(&mut self, socket: &mut impl Read) -> io::Result<()> {
        let mut chunk = [0; 5];
        match socket.read(&mut chunk) {
            Ok(0) => self.at_end = true,
            Ok(n) => self.pending.extend_from_slice(&chunk[..n]),
            Err(e) => return unless_passing(e),
        }
        Ok(())
    }

    /// Writes once.
    pub fn writable(&mut self, socket: &mut impl Write) -> io::Result<()> {
        match socket.write(&self.pending[self.gone..]) {
            Ok(n) => self.gone += n,
            Err(e) => return unless_passing(e),
        }
        if self.gone == self.pending.len() {
            self.pending.clear();
            self.gone = 0;
        }
        Ok(())
    }

    /// Whether to wait for something to read.
    pub fn wants_read(&self) -> bool {
        !self.at_end
    }

    /// Whether to wait for room to write.
    pub fn wants_write(&self) -> bool {
        self.gone < self.pending.len()
    }
}

fn unless_passing(e: io::Error) -> io::Result<()> {
    match e.kind() {
        ErrorKind::WouldBlock | ErrorKind::Interrupted => Ok(()),
        _ => Err(e),
    }
}
