//! Stage 1, `greet`: tell one client after another a text.
//!
//! What is asked: docs/src/labs/server-basics.md#greet

use std::io;
use std::net::{SocketAddr, TcpListener};
// solution:
use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;
// end

/// Makes a socket that listens on `addr`; with port 0 the kernel chooses one.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(addr: SocketAddr) -> io::Result<TcpListener> {
    // solution: todo!("make a listener on {addr}, and on no other address")
    TcpListener::bind(addr)
    // end
}

/// Sends `text` to each client as soon as it connects, then closes, for ever.
///
/// Returning ends the program: with an error only when nobody can be served any more. After
/// `ECONNABORTED` or `EMFILE` from accept somebody can; after `EBADF`, `EINVAL`, `ENOTSOCK` nobody.
pub fn serve(listener: &TcpListener, text: &str) -> io::Result<()> {
    // solution: let _ = listener; todo!("accept clients one after another and send each of them {text:?}")
    loop {
        match listener.accept() {
            Ok((client, peer)) => {
                if let Err(error) = greet(&client, text) {
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

/// Says the text unasked. The caller drops the stream, which ends it.
fn greet(mut client: &TcpStream, text: &str) -> io::Result<()> {
    client.write_all(text.as_bytes())
}
// end
