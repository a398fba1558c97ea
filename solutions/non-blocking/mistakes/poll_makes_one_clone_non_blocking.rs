//! Wants to read from a stream without blocking, and to write to its clone as if it blocked.
//!
//! stage: poll
//! fails: poll::half_close_is_answered
//!        poll::who_does_not_read_stops_nobody
//!        poll::a_finished_client_costs_nothing
//!        poll::a_reset_ends_one_connection_only
//! meant: poll::who_does_not_read_stops_nobody
//! says: clones of a stream are one open socket, the flag is shared

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

use berkeley::{POLLIN, PollFd, poll};

struct Client {
    reader: TcpStream,
    writer: TcpStream,
}

/// Serves all clients at once.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let mut clients: Vec<Client> = Vec::new();
    loop {
        let mut fds = vec![PollFd::new(listener, POLLIN)];
        for client in &clients {
            fds.push(PollFd::new(&client.reader, POLLIN));
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
            let (writer, _) = listener.accept()?;
            let reader = writer.try_clone()?;
            reader.set_nonblocking(true)?;
            clients.push(Client { reader, writer });
        }
    }
}

/// Tells whether there may be more.
fn echo(client: &mut Client) -> io::Result<bool> {
    let mut buffer = [0; 4096];
    match client.reader.read(&mut buffer) {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(true),
        Err(error) => Err(error),
        Ok(n) => {
            client.writer.write_all(&buffer[..n])?;
            Ok(n > 0)
        }
    }
}
