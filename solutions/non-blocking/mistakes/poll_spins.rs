//! Tries every socket again and again, and never sleeps.
//!
//! stage: poll
//! fails: poll::idle_clients_cost_nothing
//!        poll::a_finished_client_costs_nothing
//! meant: poll::idle_clients_cost_nothing
//! says: Sleep in poll, not in a loop.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

struct Client {
    stream: TcpStream,
    unsent: Vec<u8>,
    finished: bool,
}

/// Serves all clients at once.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let mut clients: Vec<Client> = Vec::new();
    loop {
        clients.retain_mut(|client| turn(client).unwrap_or(false));
        while let Ok((stream, _)) = listener.accept() {
            stream.set_nonblocking(true)?;
            clients.push(Client {
                stream,
                unsent: Vec::new(),
                finished: false,
            });
        }
    }
}

/// Reads once, writes once; tells whether to keep the client.
fn turn(client: &mut Client) -> io::Result<bool> {
    if !client.finished {
        let mut buffer = [0; 4096];
        match client.stream.read(&mut buffer) {
            Ok(0) => client.finished = true,
            Ok(n) => client.unsent.extend_from_slice(&buffer[..n]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    if !client.unsent.is_empty() {
        match client.stream.write(&client.unsent) {
            Ok(n) => drop(client.unsent.drain(..n)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(!client.finished || !client.unsent.is_empty())
}
