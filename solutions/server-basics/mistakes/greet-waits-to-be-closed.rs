//! Waits for the client to close, while the client waits for the end of the stream.
//! stage: greet
//! fails: greet::every_client_is_greeted
//!        greet::the_text_is_the_one_asked_for
//!        greet::starts_again_on_the_same_port
//! meant: greet::every_client_is_greeted
//! says: Nothing follows the text but the end of the stream

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// Makes a socket that listens on `addr`; with port 0 the kernel chooses one.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(addr: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(addr)
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
    client.write_all(text.as_bytes())?;
    // Let it finish, too.
    let mut rest = [0; 1024];
    while client.read(&mut rest)? > 0 {}
    Ok(())
}
