//! Takes three words for a line, whether or not its line end has come.
//! stage: lines
//! fails: lines::answers_a_line_cut_anywhere
//!        lines::crlf_ends_a_line_too
//!        lines::half_close_is_answered
//! meant: lines::answers_a_line_cut_anywhere
//! says: read until its newline is there

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use crate::calc;

/// Serves one client after another, for ever: each line gets the reply of [`crate::calc::answer`].
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        match listener.accept() {
            Ok((client, peer)) => {
                if let Err(error) = converse(&client) {
                    eprintln!("{peer}: {error}");
                }
            }
            Err(error) => {
                eprintln!("accept: {error}");
                thread::sleep(BACK_OFF);
            }
        }
    }
}

/// How long to wait when accept fails: the listener is sound, but a lack that lasts (of
/// descriptors, say) would make it fail again at once (accept(2), EMFILE).
const BACK_OFF: Duration = Duration::from_millis(50);

/// Answers request by request until the client has finished, or has sent one that is too long.
fn converse(mut client: &TcpStream) -> io::Result<()> {
    // A reply is a whole message: nothing that follows is worth waiting for (tcp(7)).
    client.set_nodelay(true)?;
    let mut buffer = [0; 4096];
    let mut received = Vec::new();
    loop {
        let n = client.read(&mut buffer)?;
        if n == 0 {
            return Ok(());
        }
        received.extend_from_slice(&buffer[..n]);
        while let Some(line) = request(&mut received) {
            if line.len() > calc::MAX_LINE {
                return client.write_all(calc::TOO_LONG);
            }
            client.write_all(&calc::answer(&line))?;
        }
        if received.len() > calc::MAX_LINE {
            return client.write_all(calc::TOO_LONG);
        }
    }
}

/// Takes the next request out of what was received: a line, or else an operation and two numbers.
fn request(received: &mut Vec<u8>) -> Option<Vec<u8>> {
    if let Some(end) = received.iter().position(|byte| *byte == b'\n') {
        let mut line: Vec<u8> = received.drain(..=end).collect();
        line.pop_if(|byte| *byte == b'\n');
        line.pop_if(|byte| *byte == b'\r');
        return Some(line);
    }
    let words = received
        .split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty());
    (words.count() == 3).then(|| std::mem::take(received))
}
