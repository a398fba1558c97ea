//! Takes the port of the address and listens on every interface.
//! stage: greet
//! fails: greet::listens_where_it_was_told
//! meant: greet::listens_where_it_was_told
//! says: You are listening on every interface

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// Makes a socket that listens on `addr`; with port 0 the kernel chooses one.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(addr: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::UNSPECIFIED, addr.port()))
}

/// Sends `text` to each client as soon as it connects, then closes, for ever.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &TcpListener, text: &str) -> io::Result<()> {
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
}

/// How long to wait when accept fails: the listener is sound, but a lack that lasts (of
/// descriptors, say) would make it fail again at once (accept(2), EMFILE).
const BACK_OFF: Duration = Duration::from_millis(50);

/// Says the text unasked. The caller drops the stream, which ends it.
fn greet(mut client: &TcpStream, text: &str) -> io::Result<()> {
    client.write_all(text.as_bytes())
}
