//! Asks for the name of a client that may be gone.
//!
//! stage: poll
//! fails: poll::a_reset_ends_one_connection_only
//! meant: poll::a_reset_ends_one_connection_only
//! says: accept already gave you its address

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

use berkeley::{Events, POLLIN, POLLOUT, PollFd, poll};

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
        let mut fds = vec![PollFd::new(listener, POLLIN)];
        for client in &clients {
            fds.push(PollFd::new(&client.stream, interest(client)));
        }
        poll(&mut fds, None)?;
        let ready: Vec<Events> = fds.iter().map(|fd| fd.revents).collect();
        let mut left = Vec::new();
        for (mut client, events) in clients.into_iter().zip(&ready[1..]) {
            if events.is_empty() || turn(&mut client, *events).unwrap_or(false) {
                left.push(client);
            }
        }
        clients = left;
        while let Ok((stream, _)) = listener.accept() {
            stream.set_nonblocking(true)?;
            eprintln!("{} has come", stream.peer_addr().unwrap());
            clients.push(Client {
                stream,
                unsent: Vec::new(),
                finished: false,
            });
        }
    }
}

fn interest(client: &Client) -> Events {
    let mut events = Events::empty();
    if !client.finished {
        events |= POLLIN;
    }
    if !client.unsent.is_empty() {
        events |= POLLOUT;
    }
    events
}

/// Reads once, writes once; tells whether to keep the client.
fn turn(client: &mut Client, events: Events) -> io::Result<bool> {
    if events != POLLOUT && !client.finished {
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
