//! Takes what it reads for UTF-8, and ends the conversation when it is not.
//! stage: echo
//! fails: echo::returns_what_it_got
//!        echo::answers_byte_by_byte
//!        echo::a_megabyte_comes_back_whole
//!        echo::half_close_is_answered
//! meant: echo::returns_what_it_got
//! says: Sockets carry bytes, not text

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

/// Sends back what comes. At the end of the stream everything has been sent, and the caller
/// drops the stream, which tells the client so.
fn echo(mut client: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 16 * 1024];
    loop {
        let n = client.read(&mut buffer)?;
        if n == 0 {
            return Ok(());
        }
        let text = str::from_utf8(&buffer[..n])
            .map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
        client.write_all(text.as_bytes())?;
    }
}
