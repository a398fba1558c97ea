//! The words of the chat and its lines. Given: the loop is the lesson.
//!
//! ```text
//! client to server:
//!   line     = *1024OCTET ( LF / CR LF )         ; the first good one is the name, the others are messages
//!   name     = 1*16( ALPHA / DIGIT )
//!
//! server to client:
//!   welcome  = "OK" *( SP name ) LF              ; who is there, in the order in which they joined
//!   refusal  = "ERR bad name" LF                 ; another name may be tried
//!            / "ERR name taken" LF
//!            / "ERR too long" LF                 ; then the end of the stream
//!   joined   = "+" name LF
//!   left     = "-" name LF
//!   said     = name ":" SP *OCTET LF
//! ```
//!
//! For example `hi \xff\r\n` from ann reaches bob as `ann: hi \xff\n`.

/// How many bytes a line may have, its line end (LF or CR LF) not counted.
pub const MAX_LINE: usize = 1024;

/// The reply to a line longer than [`MAX_LINE`]; after it the connection is closed.
pub const TOO_LONG: &[u8] = b"ERR too long\n";

/// The reply to a first line that is no name.
pub const BAD_NAME: &[u8] = b"ERR bad name\n";

/// The reply to a name that somebody has.
pub const NAME_TAKEN: &[u8] = b"ERR name taken\n";

/// The name that a line is, if it is one.
pub fn name(line: &[u8]) -> Option<&str> {
    let good = (1..=16).contains(&line.len()) && line.iter().all(u8::is_ascii_alphanumeric);
    str::from_utf8(line).ok().filter(|_| good)
}

/// What a newcomer is told: who is there.
pub fn welcome<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let mut line = b"OK".to_vec();
    for name in names {
        line.push(b' ');
        line.extend(name.as_bytes());
    }
    line.push(b'\n');
    line
}

/// What the others are told when somebody joins.
pub fn joined(name: &str) -> Vec<u8> {
    format!("+{name}\n").into_bytes()
}

/// What the others are told when somebody leaves, however that comes.
pub fn left(name: &str) -> Vec<u8> {
    format!("-{name}\n").into_bytes()
}

/// What the others are told when `name` says `text`.
pub fn said(name: &str, text: &[u8]) -> Vec<u8> {
    [name.as_bytes(), b": ", text, b"\n"].concat()
}

/// What has come from a client and was not yet taken out, cut into lines.
#[derive(Debug, Default)]
pub struct Lines {
    bytes: Vec<u8>,
}

/// The line that has begun is longer than [`MAX_LINE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

impl Lines {
    /// Adds what has come.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Takes out the next whole line, without its line end; there is none until that has come.
    pub fn next_line(&mut self) -> Result<Option<Vec<u8>>, TooLong> {
        let Some(end) = self.bytes.iter().position(|&byte| byte == b'\n') else {
            // Its last byte may be the CR of a line end.
            let too_long = self.bytes.len() > MAX_LINE + 1;
            return if too_long { Err(TooLong) } else { Ok(None) };
        };
        let mut line: Vec<u8> = self.bytes.drain(..=end).collect();
        line.pop();
        line.pop_if(|byte| *byte == b'\r');
        if line.len() > MAX_LINE {
            Err(TooLong)
        } else {
            Ok(Some(line))
        }
    }
}
