//! Takes a port of the kernel's choice where the one asked for is taken.
//! stage: echo
//! fails: echo::a_busy_port_is_an_error
//! meant: echo::a_busy_port_is_an_error
//! says: whoever gave it to you will look for you there

use std::io;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::net::{SocketAddrV6, TcpListener};
use std::thread;
use std::time::Duration;

/// Makes a socket that listens on `addr`; with port 0 the kernel chooses one.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(addr: SocketAddrV6) -> io::Result<TcpListener> {
    TcpListener::bind(addr).or_else(|_| TcpListener::bind((*addr.ip(), 0)))
}

/// Serves one client after another, for ever: names it on stderr, and returns every byte until the
/// end of its stream.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
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
}

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
