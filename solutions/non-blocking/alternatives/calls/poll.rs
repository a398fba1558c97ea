//! An echo with the calls themselves: a table of sockets, and poll with a time limit.

use std::io::{self, ErrorKind};
use std::net::TcpListener;
use std::time::Duration;

use berkeley::{
    Events, POLLIN, POLLOUT, PollFd, Socket, accept, poll, recv, send, set_nonblocking,
};

struct Entry {
    socket: Option<Socket>,
    out: Vec<u8>,
    at_end: bool,
}

/// Serves all clients at once.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    set_nonblocking(listener, true)?;
    let mut table: Vec<Entry> = Vec::new();
    loop {
        let ready = look(listener, &table)?;
        for (index, events) in ready {
            if index == table.len() {
                while let Ok((socket, _)) = accept(listener) {
                    if set_nonblocking(&socket, true).is_ok() {
                        table.push(Entry {
                            socket: Some(socket),
                            out: Vec::new(),
                            at_end: false,
                        });
                    }
                }
            } else if turn(&mut table[index], events).is_err() {
                table[index].socket = None;
            }
        }
        table.retain(|entry| entry.socket.is_some());
    }
}

/// What is ready, by index; the listener's is the table's length.
fn look(listener: &TcpListener, table: &[Entry]) -> io::Result<Vec<(usize, Events)>> {
    let mut fds = Vec::new();
    for entry in table {
        if let Some(socket) = &entry.socket {
            let events = match (entry.at_end, entry.out.is_empty()) {
                (false, true) => POLLIN,
                (false, false) => POLLIN | POLLOUT,
                (true, _) => POLLOUT,
            };
            fds.push(PollFd::new(socket, events));
        }
    }
    fds.push(PollFd::new(listener, POLLIN));
    match poll(&mut fds, Some(Duration::from_millis(500))) {
        Ok(_) => {}
        Err(e) if e.kind() == ErrorKind::Interrupted => {}
        Err(e) => return Err(e),
    }
    let ready = fds
        .iter()
        .enumerate()
        .filter(|(_, fd)| !fd.revents.is_empty());
    Ok(ready.map(|(index, fd)| (index, fd.revents)).collect())
}

/// An error ends the entry; so does its being done, for which there is an error of its own kind.
fn turn(entry: &mut Entry, events: Events) -> io::Result<()> {
    let Some(socket) = &entry.socket else {
        return Ok(());
    };
    if events != POLLOUT && !entry.at_end {
        let mut chunk = [0; 2048];
        match recv(socket, &mut chunk, 0) {
            Ok(0) => entry.at_end = true,
            Ok(n) => entry.out.extend_from_slice(&chunk[..n]),
            Err(e) if e.kind() == ErrorKind::WouldBlock => {}
            Err(e) => return Err(e),
        }
    }
    if !entry.out.is_empty() {
        match send(socket, &entry.out, 0) {
            Ok(n) => drop(entry.out.drain(..n)),
            Err(e) if e.kind() == ErrorKind::WouldBlock => {}
            Err(e) => return Err(e),
        }
    }
    if entry.at_end && entry.out.is_empty() {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}
