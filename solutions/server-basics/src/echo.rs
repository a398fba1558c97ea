//! Stage 2, `echo`: return every byte until the client has finished.
//!
//! What is asked: docs/src/labs/server-basics.md#echo

use std::io;
use std::net::TcpListener;
// solution:
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;
// end

/// Serves one client after another, for ever: every byte goes back until the client's end of stream.
///
/// Returning ends the program: with an error only when nobody can be served any more. After
/// `ECONNABORTED` or `EMFILE` from accept somebody can; after `EBADF`, `EINVAL`, `ENOTSOCK` nobody.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    // solution: let _ = listener; todo!("accept clients one after another and send back what each of them sends")
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
    // end
}

// solution:
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
        client.write_all(&buffer[..n])?;
    }
}
// end
