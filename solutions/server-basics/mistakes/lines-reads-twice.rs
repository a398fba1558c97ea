//! Reads once more when the line end is missing, and not again if it is still missing.
//! stage: lines
//! fails: lines::answers_a_line_cut_anywhere
//! meant: lines::answers_a_line_cut_anywhere
//! says: A line may come in any number of pieces

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
        for _ in 0..2 {
            if !received.contains(&b'\n') {
                let n = client.read(&mut buffer)?;
                if n == 0 {
                    return Ok(());
                }
                received.extend_from_slice(&buffer[..n]);
            }
        }
        // The line, and what came behind it, which is kept for the next.
        let end = received.iter().position(|byte| *byte == b'\n');
        let rest = end.map_or(received.len(), |end| end + 1);
        let mut line: Vec<u8> = received.drain(..rest).collect();
        line.pop_if(|byte| *byte == b'\n');
        line.pop_if(|byte| *byte == b'\r');
        if line.len() > calc::MAX_LINE {
            return client.write_all(calc::TOO_LONG);
        }
        client.write_all(&calc::answer(&line))?;
    }
}
