//! A socket that does what a script says, and the loop that asks a [`Connection`] what it wants. Given.
//!
//! ```text
//! script = *( line LF )
//! line   = "read" SP ( bytes / "end" / "reset" / pause )   ; what the next calls of read give
//!        / "write" SP ( count / "reset" / pause )          ; what the next calls of write meet
//!        / "poll"                                          ; wait for events, pass them on, print a result
//!        / ""
//! bytes  = DQUOTE 1*( printable / escape ) DQUOTE          ; that many bytes have arrived
//! count  = 1*DIGIT                                         ; room for that many bytes; at least 1
//! pause  = "interrupted" / "wouldblock"                    ; the error of one call
//! escape = "\n" / "\r" / "\t" / "\0" / "\\" / "\"" / "\x" 2HEXDIG
//!
//! result = "sent" SP DQUOTE *( printable / escape ) DQUOTE SP outcome LF
//! outcome = "wants" SP ( "read" / "write" / "read write" / "nothing" ) / "failed"
//! ```
//!
//! For example:
//!
//! ```text
//! read "ping"
//! write 3
//! poll                 sent "pin" wants read write
//! read end
//! poll                 sent "" wants write
//! write 9
//! poll                 sent "g" wants nothing
//! ```

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::{self, BufRead, ErrorKind, Read, Write};

use crate::connection::Connection;

/// A line of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// What reading will give.
    Read(Incoming),
    /// What writing will meet.
    Write(Outgoing),
    /// Pass events on until there are none, and print a result.
    Poll,
}

/// What `read` gives.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Incoming {
    /// Bytes that have arrived, as many as the buffer holds in one call.
    Bytes(Vec<u8>),
    /// The end of the stream: 0, as often as it is asked for.
    End,
    /// An error, once.
    Error(ErrorKind),
}

/// What `write` meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outgoing {
    /// Room for so many bytes.
    Room(usize),
    /// An error, once.
    Error(ErrorKind),
}

/// A line of a script. The error is a sentence for who wrote it.
fn step(line: &str) -> Result<Option<Step>, String> {
    let line = line.trim_end();
    let step = match line.split_once(' ') {
        Some(("read", what)) => incoming(what).map(Step::Read),
        Some(("write", what)) => outgoing(what).map(Step::Write),
        None if line.is_empty() => return Ok(None),
        None if line == "poll" => Some(Step::Poll),
        _ => None,
    };
    step.map(Some)
        .ok_or_else(|| format!("this is no step of a script: {line}"))
}

fn incoming(what: &str) -> Option<Incoming> {
    if what == "end" {
        return Some(Incoming::End);
    }
    let quoted = what
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    match quoted {
        Some(text) => unescape(text)
            .filter(|bytes| !bytes.is_empty())
            .map(Incoming::Bytes),
        None => error(what).map(Incoming::Error),
    }
}

fn outgoing(what: &str) -> Option<Outgoing> {
    match what.parse() {
        Ok(0) => None,
        Ok(count) => Some(Outgoing::Room(count)),
        Err(_) => error(what).map(Outgoing::Error),
    }
}

fn error(what: &str) -> Option<ErrorKind> {
    match what {
        "interrupted" => Some(ErrorKind::Interrupted),
        "wouldblock" => Some(ErrorKind::WouldBlock),
        "reset" => Some(ErrorKind::ConnectionReset),
        _ => None,
    }
}

/// Plays a script to a new connection, line by line as it comes, and writes the results to `out`.
///
/// An error: a line is no step of a script (`InvalidInput`), or the connection has done what no
/// loop could bear, or something cannot be read or written.
pub fn play(script: impl BufRead, out: &mut impl Write) -> io::Result<()> {
    let mut connection = Connection::new();
    let mut socket = Socket::default();
    for line in script.lines() {
        let step =
            step(&line?).map_err(|reason| io::Error::new(ErrorKind::InvalidInput, reason))?;
        match step {
            None => {}
            Some(Step::Read(incoming)) => socket.incoming.push_back(incoming),
            Some(Step::Write(outgoing)) => socket.outgoing.push_back(outgoing),
            Some(Step::Poll) => {
                let outcome = pass_events_on(&mut connection, &mut socket);
                if let Some(fault) = socket.fault {
                    return Err(io::Error::other(fault));
                }
                let sent = escape(&std::mem::take(&mut socket.sent));
                if let Err(error) = outcome {
                    writeln!(out, "sent \"{sent}\" failed")?;
                    eprintln!("the connection has failed: {error}");
                    return out.flush();
                }
                let wishes = match (connection.wants_read(), connection.wants_write()) {
                    (true, true) => "read write",
                    (true, false) => "read",
                    (false, true) => "write",
                    (false, false) => "nothing",
                };
                writeln!(out, "sent \"{sent}\" wants {wishes}")?;
                out.flush()?;
                if wishes == "nothing" {
                    // A loop would close the socket here: there is nothing left to play with.
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

/// As a loop around poll(2) would do it: as long as there is something to read and it is wanted,
/// then as long as there is room and it is wanted, and again.
fn pass_events_on(connection: &mut Connection, socket: &mut Socket) -> io::Result<()> {
    while socket.fault.is_none() {
        if connection.wants_read() && !socket.incoming.is_empty() {
            if socket.end_was_read {
                socket.fault(READS_ON);
            }
            socket.begin_event();
            connection.readable(socket)?;
            socket.end_event(READS_NOTHING);
        } else if connection.wants_write() && !socket.outgoing.is_empty() {
            socket.begin_event();
            connection.writable(socket)?;
            socket.end_event(WRITES_NOTHING);
        } else {
            break;
        }
    }
    Ok(())
}

const READ_AGAIN: &str =
    "the connection called read again after WouldBlock: it spins until something comes";
const WRITE_AGAIN: &str =
    "the connection called write again after WouldBlock: it spins until there is room";
const READS_ON: &str = "the connection still wants to read after the end of the stream: poll would return at once, for ever";
const READS_NOTHING: &str = "the connection wanted to read, was told that it can, and did not: poll would return at once, for ever";
const WRITES_NOTHING: &str = "the connection wanted to write, was told that it can, and wrote nothing: poll would return at once, for ever";

/// The socket that the script plays.
#[derive(Debug, Default)]
struct Socket {
    incoming: VecDeque<Incoming>,
    outgoing: VecDeque<Outgoing>,
    /// What was taken since the last result.
    sent: Vec<u8>,
    end_was_read: bool,
    /// In this event: whether anything was asked of the socket, and whether it said WouldBlock.
    used: bool,
    blocked: bool,
    /// What the connection has done that no loop could bear.
    fault: Option<&'static str>,
}

impl Socket {
    fn begin_event(&mut self) {
        (self.used, self.blocked) = (false, false);
    }

    fn end_event(&mut self, unused: &'static str) {
        if !self.used {
            self.fault(unused);
        }
    }

    /// The first fault stands.
    fn fault(&mut self, fault: &'static str) {
        self.fault.get_or_insert(fault);
    }

    /// What every call does first. A connection that goes on and on is stopped by an error.
    fn called(&mut self, again: &'static str) -> io::Result<()> {
        self.used = true;
        if self.blocked {
            self.fault(again);
            return Err(io::Error::other(again));
        }
        Ok(())
    }

    fn fails(&mut self, kind: ErrorKind) -> io::Error {
        self.blocked = kind == ErrorKind::WouldBlock;
        kind.into()
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.called(READ_AGAIN)?;
        match self.incoming.pop_front() {
            Some(Incoming::Bytes(mut bytes)) => {
                let count = bytes.len().min(buffer.len());
                buffer[..count].copy_from_slice(&bytes[..count]);
                bytes.drain(..count);
                if !bytes.is_empty() {
                    self.incoming.push_front(Incoming::Bytes(bytes));
                }
                Ok(count)
            }
            Some(Incoming::End) => {
                self.incoming.push_front(Incoming::End);
                self.end_was_read = true;
                Ok(0)
            }
            Some(Incoming::Error(kind)) => Err(self.fails(kind)),
            None => Err(self.fails(ErrorKind::WouldBlock)),
        }
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        self.called(WRITE_AGAIN)?;
        match self.outgoing.pop_front() {
            Some(Outgoing::Room(room)) => {
                let count = bytes.len().min(room);
                self.sent.extend_from_slice(&bytes[..count]);
                if count < room {
                    self.outgoing.push_front(Outgoing::Room(room - count));
                }
                Ok(count)
            }
            Some(Outgoing::Error(kind)) => Err(self.fails(kind)),
            None => Err(self.fails(ErrorKind::WouldBlock)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The bytes that `text` stands for, if every escape is one.
fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'\\' => match rest.next()? {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'0' => 0,
                quoted @ (b'\\' | b'"') => quoted,
                b'x' => {
                    let mut digit = || char::from(rest.next()?).to_digit(16);
                    u8::try_from(digit()? * 16 + digit()?).ok()?
                }
                _ => return None,
            },
            b'"' => return None,
            plain => plain,
        });
    }
    Some(bytes)
}

/// `bytes` in the escapes that [`unescape`] knows.
fn escape(bytes: &[u8]) -> String {
    let mut text = String::new();
    for &byte in bytes {
        match byte {
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            0 => text.push_str("\\0"),
            b'"' | b'\\' => text.extend(['\\', char::from(byte)]),
            b' '..=b'~' => text.push(char::from(byte)),
            // Writing to a String cannot fail.
            _ => _ = write!(text, "\\x{byte:02x}"),
        }
    }
    text
}
