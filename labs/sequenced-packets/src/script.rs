//! The scripts of stage `compare`, and how results are printed. Given.
//!
//! ```text
//! script  = *( step LF )
//! step    = "send" SP bytes              ; one end sends, with one call
//!         / "receive" SP size            ; the other end receives, with one call and a buffer of that size
//!         / "end"                        ; the sender half-closes; nothing is sent after it
//!         / ""
//! bytes   = DQUOTE *( printable / escape ) DQUOTE
//! size    = 1*DIGIT                      ; 1 to 65536
//! escape  = "\n" / "\r" / "\t" / "\0" / "\\" / "\"" / "\x" 2HEXDIG
//!
//! results = *( type SP result LF )       ; all of stream, then all of datagram, then all of seqpacket
//! type    = "stream" / "datagram" / "seqpacket"
//! result  = count SP bytes               ; a receive returned that number, and these bytes
//!         / "nothing"                    ; it would have had to wait
//! ```

use std::fmt::{self, Display, Formatter, Write as _};
use std::io::{self, BufRead, ErrorKind};

use berkeley::{SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM, SocketType};

/// The types that are compared, and how results name them.
pub const TYPES: [(&str, SocketType); 3] = [
    ("stream", SOCK_STREAM),
    ("datagram", SOCK_DGRAM),
    ("seqpacket", SOCK_SEQPACKET),
];

/// The largest buffer that a script can ask for.
const LARGEST: usize = 65_536;

/// A step of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// One end sends these bytes, with one call.
    Send(Vec<u8>),
    /// The other end receives, with one call and a buffer of that many bytes.
    Receive(usize),
    /// The sending end half-closes.
    End,
}

/// What a receive gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// It returned, with as many bytes as these, maybe none.
    Bytes(Vec<u8>),
    /// There was nothing to receive, and no end: it would have had to wait.
    Nothing,
}

impl Display for Received {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} \"{}\"", bytes.len(), escape(bytes)),
            Self::Nothing => f.write_str("nothing"),
        }
    }
}

/// Reads a script. An error of kind `InvalidInput` is a sentence for who wrote it.
pub fn read(script: impl BufRead) -> io::Result<Vec<Step>> {
    let mut steps = Vec::new();
    for line in script.lines() {
        let line = line?;
        let line = line.trim_end();
        if line.is_empty() {
            continue;
        }
        let after_the_end = steps.contains(&Step::End);
        match step(line) {
            Some(Step::Receive(size)) => steps.push(Step::Receive(size)),
            Some(step) if !after_the_end => steps.push(step),
            _ => {
                let reason = format!("this is no step of a script, or not here: {line}");
                return Err(io::Error::new(ErrorKind::InvalidInput, reason));
            }
        }
    }
    Ok(steps)
}

fn step(line: &str) -> Option<Step> {
    match line.split_once(' ') {
        Some(("send", what)) => {
            let text = what.strip_prefix('"')?.strip_suffix('"')?;
            unescape(text).map(Step::Send)
        }
        Some(("receive", size)) => {
            let size = size.parse().ok()?;
            (1..=LARGEST).contains(&size).then_some(Step::Receive(size))
        }
        None if line == "end" => Some(Step::End),
        _ => None,
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
