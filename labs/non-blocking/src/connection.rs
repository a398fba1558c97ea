//! Stage 1, `connection`: an echo that never waits: what has come, what is still to go, what it wants.
//!
//! What is asked: docs/src/labs/non-blocking.md#connection

use std::io::{self, Read, Write};

/// One client of an echo, without its socket: whoever has the socket tells it what is possible,
/// and asks it what to wait for.
#[derive(Debug, Default)]
pub struct Connection {}

impl Connection {
    /// A connection over which nothing has passed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes what `socket` has; called when there is something to read, or was.
    ///
    /// `WouldBlock` and `Interrupted` are no errors; any other is returned, and ends the connection.
    pub fn readable(&mut self, socket: &mut impl Read) -> io::Result<()> {
        let _ = socket;
        todo!(
            "read what has come and keep it: 0 is the end of the stream, WouldBlock means that there is no more yet"
        )
    }

    /// Gives `socket` what it takes of the bytes that are still to go; called when there is room,
    /// or was.
    ///
    /// `WouldBlock` and `Interrupted` are no errors; any other is returned, and ends the connection.
    pub fn writable(&mut self, socket: &mut impl Write) -> io::Result<()> {
        let _ = socket;
        todo!(
            "write what is still to go, and forget exactly what was taken; WouldBlock means that there is no more room yet"
        )
    }

    /// Whether to wait for something to read.
    pub fn wants_read(&self) -> bool {
        todo!("tell whether the client may still send something")
    }

    /// Whether to wait for room to write. When it wants neither, it is done, and is closed.
    pub fn wants_write(&self) -> bool {
        todo!("tell whether there are bytes still to go")
    }
}
