//! Stage 2, `echo`: serve at an IPv6 address, and name clients so that they can be found again.
//!
//! What is asked: docs/src/labs/ipv6.md#echo

use std::io;
use std::net::{SocketAddrV6, TcpListener};
// solution:
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;
// end

/// Makes a socket that listens on `addr`; with port 0 the kernel chooses one.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(addr: SocketAddrV6) -> io::Result<TcpListener> {
    // solution: todo!("make a listener on {addr}, and on no other address")
    TcpListener::bind(addr)
    // end
}

/// Serves one client after another, for ever: names it on stderr, and returns every byte until the
/// end of its stream.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    // solution: let _ = listener; todo!("accept clients one after another, log each as `client [ADDRESS]:PORT`, and send back what it sends")
    loop {
        match listener.accept() {
            Ok((client, peer)) => {
                // A SocketAddr knows its brackets.
                eprintln!("client {peer}");
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

/// Sends back what comes. The caller drops the stream, which tells the client the end.
fn echo(mut client: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 16 * 1024];
    loop {
        match client.read(&mut buffer)? {
            0 => return Ok(()),
            n => client.write_all(&buffer[..n])?,
        }
    }
}
// end
