//! Takes a read that did not fill the buffer for the last one.
//! stage: echo
//! fails: echo::returns_what_it_got
//!        echo::answers_byte_by_byte
//!        echo::a_megabyte_comes_back_whole
//! meant: echo::a_megabyte_comes_back_whole
//! says: round the loop until read returns 0

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
    // Room for everything.
    let mut buffer = vec![0; 4 * 1024 * 1024];
    loop {
        let n = client.read(&mut buffer)?;
        client.write_all(&buffer[..n])?;
        if n < buffer.len() {
            return Ok(());
        }
    }
}
