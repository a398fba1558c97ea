//! Stage 2, `echo`: a thread for each client.

use std::io::{self, Write};
use std::net::{SocketAddrV6, TcpListener, TcpStream};
use std::thread;

/// Makes a socket that listens on `addr`.
pub fn bind(addr: SocketAddrV6) -> io::Result<TcpListener> {
    TcpListener::bind(std::net::SocketAddr::V6(addr))
}

/// Serves each client in a thread of its own.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    for client in listener.incoming() {
        let Ok(client) = client else { continue };
        // One write, so that lines of several threads do not mix.
        if let Ok(peer) = client.peer_addr() {
            let _ = io::stderr().write_all(format!("client {peer}\n").as_bytes());
        }
        thread::spawn(move || echo(&client));
    }
    Ok(())
}

fn echo(mut client: &TcpStream) -> io::Result<u64> {
    let mut reader = client;
    io::copy(&mut reader, &mut client)
}
