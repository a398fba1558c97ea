//! Accepts one client, greets it, and is done.
//! stage: greet
//! fails: greet::every_client_is_greeted
//!        greet::a_client_that_resets_ends_nothing
//! meant: greet::every_client_is_greeted
//! says: loop to serve the next

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

/// Makes a socket that listens on `addr`; with port 0 the kernel chooses one.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(addr: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(addr)
}

/// Sends `text` to each client as soon as it connects, then closes.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &TcpListener, text: &str) -> io::Result<()> {
    let (client, peer) = listener.accept()?;
    if let Err(error) = greet(&client, text) {
        eprintln!("{peer}: {error}");
    }
    Ok(())
}

/// Says the text unasked. The caller drops the stream, which ends it.
fn greet(mut client: &TcpStream, text: &str) -> io::Result<()> {
    client.write_all(text.as_bytes())
}
