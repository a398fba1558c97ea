//! Answers when the client pauses, and takes the end of its stream for a client that is gone: what was not sent back by then is lost.
//! stage: echo
//! fails: echo::half_close_is_answered
//! meant: echo::half_close_is_answered
//! says: The client stopped talking but still listens

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// Serves one client after another, for ever: every byte goes back until the client's end of stream.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        match listener.accept() {
            Ok((client, peer)) => {
                if let Err(error) = echo(&client) {
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

/// Sends back what comes, whenever the client pauses.
fn echo(mut client: &TcpStream) -> io::Result<()> {
    // A moment without a byte: the client has said what it wanted to say.
    client.set_read_timeout(Some(Duration::from_millis(100)))?;
    let mut buffer = [0; 16 * 1024];
    let mut heard = Vec::new();
    loop {
        match client.read(&mut buffer) {
            // It has hung up.
            Ok(0) => return Ok(()),
            Ok(n) => heard.extend_from_slice(&buffer[..n]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                client.write_all(&heard)?;
                heard.clear();
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
