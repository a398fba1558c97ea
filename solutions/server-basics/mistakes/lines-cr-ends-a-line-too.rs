//! Takes CR for a line end of its own, so that CR LF ends two lines.
//! stage: lines
//! fails: lines::crlf_ends_a_line_too
//!        lines::the_limit_is_1024_bytes
//! meant: lines::crlf_ends_a_line_too
//! says: CR LF ends one line

use std::io::{self, BufReader, Read, Write};
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

/// Answers line by line until the client has finished, or has sent a line that is too long.
fn converse(mut client: &TcpStream) -> io::Result<()> {
    // A reply is a whole message: nothing that follows is worth waiting for (tcp(7)).
    client.set_nodelay(true)?;
    let mut line = Vec::new();
    for byte in BufReader::new(client).bytes() {
        match byte? {
            b'\r' | b'\n' => {
                client.write_all(&calc::answer(&line))?;
                line.clear();
            }
            byte => line.push(byte),
        }
        if line.len() > calc::MAX_LINE {
            return client.write_all(calc::TOO_LONG);
        }
    }
    Ok(())
}
