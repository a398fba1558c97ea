//! Polls for reading, and writes to blocking sockets.
//!
//! stage: poll
//! fails: poll::who_does_not_read_stops_nobody
//! meant: poll::who_does_not_read_stops_nobody
//! says: A blocking or looping write stops everyone: keep a buffer per client and wait for writability.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

use berkeley::{POLLIN, PollFd, poll};

/// Serves all clients at once.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let mut clients: Vec<TcpStream> = Vec::new();
    loop {
        let mut fds = vec![PollFd::new(listener, POLLIN)];
        for client in &clients {
            fds.push(PollFd::new(client, POLLIN));
        }
        poll(&mut fds, None)?;
        let ready: Vec<bool> = fds.iter().map(|fd| !fd.revents.is_empty()).collect();
        let mut left = Vec::new();
        for (mut client, ready) in clients.into_iter().zip(&ready[1..]) {
            if !ready || echo(&mut client).unwrap_or(false) {
                left.push(client);
            }
        }
        clients = left;
        if ready[0] {
            clients.push(listener.accept()?.0);
        }
    }
}

/// What one read gives goes back; tells whether there may be more.
fn echo(client: &mut TcpStream) -> io::Result<bool> {
    let mut buffer = [0; 4096];
    let n = client.read(&mut buffer)?;
    client.write_all(&buffer[..n])?;
    Ok(n > 0)
}
