//! Looks for CR LF in each chunk that it reads, though the two may come in different ones.
//! stage: lines
//! fails: lines::crlf_ends_a_line_too
//! meant: lines::crlf_ends_a_line_too
//! says: wherever the bytes were cut

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

/// Answers line by line until the client has finished, or has sent a line that is too long.
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
        // Every line ends with LF from here on.
        for (at, byte) in buffer[..n].iter().enumerate() {
            if !buffer[at..n].starts_with(b"\r\n") {
                received.push(*byte);
            }
        }
        while let Some(end) = received.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = received.drain(..=end).collect();
            let line = &line[..end];
            if line.len() > calc::MAX_LINE {
                return client.write_all(calc::TOO_LONG);
            }
            client.write_all(&calc::answer(line))?;
        }
        if received.len() > calc::MAX_LINE {
            return client.write_all(calc::TOO_LONG);
        }
    }
}
