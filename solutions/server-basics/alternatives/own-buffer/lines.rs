//! `lines` with a buffer of its own, of exactly the size that the longest line needs.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use crate::calc;

/// The longest line with the longer of its line ends.
const ROOM: usize = calc::MAX_LINE + 2;

/// Serves one client after another.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        match listener.accept() {
            Ok((client, peer)) => {
                let mut conversation = Conversation::with(&client);
                while conversation.go_on().unwrap_or_else(|error| {
                    eprintln!("{peer}: {error}");
                    false
                }) {}
            }
            Err(error) => {
                eprintln!("accept: {error}");
                thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

/// A client, and what has come from it and is not answered yet: `buffer[..filled]`.
struct Conversation<'a> {
    client: &'a TcpStream,
    buffer: [u8; ROOM],
    filled: usize,
}

impl<'a> Conversation<'a> {
    fn with(client: &'a TcpStream) -> Self {
        Conversation {
            client,
            buffer: [0; ROOM],
            filled: 0,
        }
    }

    /// Reads once, answers the lines that are complete, and tells whether there may be more.
    fn go_on(&mut self) -> io::Result<bool> {
        // There is room: a full buffer without a line end has ended the conversation.
        match self.client.read(&mut self.buffer[self.filled..]) {
            Ok(0) => return Ok(false),
            Ok(n) => self.filled += n,
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(true),
            Err(error) => return Err(error),
        }
        let (replies, used) = answer_lines(&self.buffer[..self.filled]);
        let stays = used.is_some();
        self.client.write_all(&replies)?;
        match used {
            Some(used) => {
                self.buffer.copy_within(used..self.filled, 0);
                self.filled -= used;
            }
            None => self.client.shutdown(Shutdown::Write)?,
        }
        Ok(stays)
    }
}

/// The replies to the lines in `received`, and how many bytes those lines were. After a line
/// that is too long that is nothing.
fn answer_lines(received: &[u8]) -> (Vec<u8>, Option<usize>) {
    let (mut replies, mut used) = (Vec::new(), 0);
    for line in received.split_inclusive(|byte| *byte == b'\n') {
        let ended = line.ends_with(b"\n");
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if text.len() > calc::MAX_LINE {
            replies.extend_from_slice(calc::TOO_LONG);
            return (replies, None);
        }
        if ended {
            replies.extend(calc::answer(text));
            used += line.len();
        }
    }
    (replies, Some(used))
}
