//! Keeps small pieces back until there are a few bytes, to save packets.
//! stage: echo
//! fails: echo::answers_byte_by_byte
//! meant: echo::answers_byte_by_byte
//! says: The client is waiting for its byte before it sends another

use std::io::{self, Read, Write};
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

/// Sends back what comes. At the end of the stream everything has been sent, and the caller
/// drops the stream, which tells the client so.
fn echo(mut client: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 16 * 1024];
    let mut heard = Vec::new();
    loop {
        let n = client.read(&mut buffer)?;
        heard.extend_from_slice(&buffer[..n]);
        // A packet for a single byte is a waste.
        if n == 0 || heard.len() >= 4 {
            client.write_all(&heard)?;
            heard.clear();
        }
        if n == 0 {
            return Ok(());
        }
    }
}
