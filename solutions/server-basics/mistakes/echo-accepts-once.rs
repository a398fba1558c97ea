//! Serves one client and is done.
//! stage: echo
//! fails: echo::closes_when_the_client_has_finished
//!        echo::serves_the_next_client
//!        echo::a_reset_ends_one_connection_only
//!        echo::a_client_gone_before_accept_ends_nothing
//! meant: echo::serves_the_next_client
//! says: go back for the next

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

/// Serves a client: every byte goes back until its end of stream.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let (client, peer) = listener.accept()?;
    if let Err(error) = echo(&client) {
        eprintln!("{peer}: {error}");
    }
    Ok(())
}

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
