//! Takes what one read returns for one line.
//! stage: lines
//! fails: lines::answers_a_line_cut_in_two
//!        lines::answers_a_line_cut_anywhere
//!        lines::answers_many_lines_in_one_segment
//!        lines::crlf_ends_a_line_too
//!        lines::half_close_is_answered
//! meant: lines::answers_a_line_cut_in_two
//! says: keep what you have and read again

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

/// Answers each message until the client has finished, or has sent one that is too long.
fn converse(mut client: &TcpStream) -> io::Result<()> {
    // A reply is a whole message: nothing that follows is worth waiting for (tcp(7)).
    client.set_nodelay(true)?;
    let mut buffer = [0; 2048];
    loop {
        let n = client.read(&mut buffer)?;
        if n == 0 {
            return Ok(());
        }
        let message = &buffer[..n];
        let line = message.strip_suffix(b"\n").unwrap_or(message);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.len() > calc::MAX_LINE {
            return client.write_all(calc::TOO_LONG);
        }
        client.write_all(&calc::answer(line))?;
    }
}
