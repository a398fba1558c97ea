//! An echo that keeps the pieces as they came, and goes on as long as it may.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};

/// One client of an echo, without its socket.
#[derive(Debug)]
pub struct Connection {
    pieces: VecDeque<Vec<u8>>,
    reading: bool,
}

impl Default for Connection {
    fn default() -> Self {
        Self::new()
    }
}

impl Connection {
    /// A connection over which nothing has passed.
    pub fn new() -> Self {
        Connection {
            pieces: VecDeque::new(),
            reading: true,
        }
    }

    /// Reads until it is told not to.
    pub fn readable(&mut self, socket: &mut impl Read) -> io::Result<()> {
        while self.reading {
            let mut piece = vec![0; 300];
            match patiently(|| socket.read(&mut piece))? {
                None => return Ok(()),
                Some(0) => self.reading = false,
                Some(count) => {
                    piece.truncate(count);
                    self.pieces.push_back(piece);
                }
            }
        }
        Ok(())
    }

    /// Writes until it is told not to.
    pub fn writable(&mut self, socket: &mut impl Write) -> io::Result<()> {
        while let Some(piece) = self.pieces.front_mut() {
            let Some(count) = patiently(|| socket.write(piece))? else {
                return Ok(());
            };
            piece.drain(..count);
            if piece.is_empty() {
                self.pieces.pop_front();
            }
        }
        Ok(())
    }

    /// Whether to wait for something to read.
    pub fn wants_read(&self) -> bool {
        self.reading
    }

    /// Whether to wait for room to write.
    pub fn wants_write(&self) -> bool {
        !self.pieces.is_empty()
    }
}

/// What the call gives when no signal comes between; nothing when it would have to wait.
fn patiently(mut call: impl FnMut() -> io::Result<usize>) -> io::Result<Option<usize>> {
    loop {
        match call() {
            Ok(count) => return Ok(Some(count)),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
            Err(error) => return Err(error),
        }
    }
}
