//! Serves one client and is done.
//! stage: lines
//! fails: lines::the_limit_is_1024_bytes
//!        lines::half_close_is_answered
//! meant: lines::half_close_is_answered
//! says: When one client is done, accept the next

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use crate::calc;

/// Serves a client: each line gets the reply of [`crate::calc::answer`].
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let (client, peer) = listener.accept()?;
    if let Err(error) = converse(&client) {
        eprintln!("{peer}: {error}");
    }
    Ok(())
}

/// Answers line by line until the client has finished, or has sent a line that is too long.
fn converse(mut client: &TcpStream) -> io::Result<()> {
    // A reply is a whole message: nothing that follows is worth waiting for (tcp(7)).
    client.set_nodelay(true)?;
    // The reader keeps what comes behind a line for the next one.
    let mut reader = BufReader::new(client);
    let mut line = Vec::new();
    loop {
        match next_line(&mut reader, &mut line)? {
            Next::Line => client.write_all(&calc::answer(&line))?,
            Next::TooLong => return client.write_all(calc::TOO_LONG),
            Next::End => return Ok(()),
        }
    }
}

/// What comes next from a client.
enum Next {
    /// A line; it stands in the buffer, without its line end.
    Line,
    /// More bytes than a line may have.
    TooLong,
    /// The end of the stream. What came since the last line end is no request.
    End,
}

/// Reads the next line into `line`, and never more than a line may have.
fn next_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Next> {
    const LONGEST: usize = calc::MAX_LINE + "\r\n".len();
    line.clear();
    reader.take(LONGEST as u64).read_until(b'\n', line)?;
    let ended = line.pop_if(|byte| *byte == b'\n').is_some();
    if ended {
        line.pop_if(|byte| *byte == b'\r');
    }
    if line.len() > calc::MAX_LINE {
        Ok(Next::TooLong)
    } else if ended {
        Ok(Next::Line)
    } else {
        Ok(Next::End)
    }
}
