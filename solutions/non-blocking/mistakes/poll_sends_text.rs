//! Makes text of what came before it sends it back.
//!
//! stage: poll
//! fails: poll::returns_what_it_got
//!        poll::half_close_is_answered
//!        poll::who_does_not_read_stops_nobody
//! meant: poll::returns_what_it_got
//! says: Send back exactly what came

use std::collections::VecDeque;
use std::io;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpListener;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use berkeley::{Events, POLLERR, POLLHUP, POLLIN, POLLOUT, PollFd, poll};

/// Serves all clients at once, for ever, in the thread that calls it: every byte goes back.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    // Between poll and accept the client may have gone, and accept would wait for another.
    listener.set_nonblocking(true)?;
    let mut door = Door::Open;
    let mut clients: Vec<Client> = Vec::new();
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let (knock, ready) = wait(listener, door, &clients)?;
        let mut ready = ready.into_iter();
        clients.retain_mut(|client| {
            let events = ready.next().unwrap_or(Events::empty());
            client.turn(events, &mut buffer)
        });
        if door == Door::Resting || !knock.is_empty() {
            door = accept_all(listener, &mut clients);
        }
    }
}

/// Whether to look out for newcomers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    /// Yes.
    Open,
    /// Not for a while: accept has failed, and the client that it failed for is still queued, so
    /// that the listener stays ready (accept(2), EMFILE).
    Resting,
}

/// How long the door rests.
const REST: Duration = Duration::from_millis(50);

/// Waits until there is something to do, and tells what: on the listener, and for each client.
///
/// This is the only call that waits, so nobody can hold up anybody.
fn wait(
    listener: &TcpListener,
    door: Door,
    clients: &[Client],
) -> io::Result<(Events, Vec<Events>)> {
    let (newcomers, timeout) = match door {
        Door::Open => (POLLIN, None),
        Door::Resting => (Events::empty(), Some(REST)),
    };
    let mut fds = vec![PollFd::new(listener, newcomers)];
    fds.extend(
        clients
            .iter()
            .map(|client| PollFd::new(&client.stream, client.interest())),
    );
    match poll(&mut fds, timeout) {
        Err(error) if error.kind() != ErrorKind::Interrupted => Err(error),
        _ => Ok((
            fds[0].revents,
            fds[1..].iter().map(|fd| fd.revents).collect(),
        )),
    }
}

/// Takes every newcomer who is waiting.
fn accept_all(listener: &TcpListener, clients: &mut Vec<Client>) -> Door {
    loop {
        let client = listener
            .accept()
            .and_then(|(stream, peer)| Client::new(stream, peer));
        match client {
            Ok(client) => clients.push(client),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Door::Open,
            // Gone before it was taken; the next may be sound.
            Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
            Err(error) => {
                eprintln!("accept: {error}");
                return Door::Resting;
            }
        }
    }
}

/// A client, and what it is owed.
struct Client {
    stream: TcpStream,
    peer: SocketAddr,
    /// What has come and is not yet sent.
    unsent: VecDeque<u8>,
    /// Whether its end of stream has come. It may still be reading.
    finished: bool,
}

impl Client {
    fn new(stream: TcpStream, peer: SocketAddr) -> io::Result<Self> {
        // An accepted socket is blocking, whatever its listener is (accept(2)).
        stream.set_nonblocking(true)?;
        // What is ready to go is to go: nothing that follows is worth waiting for (tcp(7)).
        stream.set_nodelay(true)?;
        Ok(Client {
            stream,
            peer,
            unsent: VecDeque::new(),
            finished: false,
        })
    }

    /// What to wake up for. A socket whose stream has ended is always readable, and one with room
    /// is always writable: who asks for either without need never sleeps.
    fn interest(&self) -> Events {
        let mut events = Events::empty();
        if !self.finished {
            events |= POLLIN;
        }
        if !self.unsent.is_empty() {
            events |= POLLOUT;
        }
        events
    }

    /// Does what it can without waiting. Tells whether to keep the client.
    fn turn(&mut self, ready: Events, buffer: &mut [u8]) -> bool {
        if ready.is_empty() {
            return true;
        }
        match self.receive(ready, buffer).and_then(|()| self.send()) {
            Ok(()) => !(self.finished && self.unsent.is_empty()),
            Err(error) => {
                eprintln!("{}: {error}", self.peer);
                false
            }
        }
    }

    /// Reads once: if there is more, poll says so again.
    fn receive(&mut self, ready: Events, buffer: &mut [u8]) -> io::Result<()> {
        // Errors and hang-ups come unasked; reading tells what they are.
        if self.finished || !ready.intersects(POLLIN | POLLERR | POLLHUP) {
            return Ok(());
        }
        match self.stream.read(buffer) {
            Ok(0) => self.finished = true,
            Ok(received) => self
                .unsent
                .extend(String::from_utf8_lossy(&buffer[..received]).bytes()),
            Err(error) if is_passing(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Sends what the kernel has room for; the rest waits until poll says that there is room again.
    fn send(&mut self) -> io::Result<()> {
        while !self.unsent.is_empty() {
            let (front, _) = self.unsent.as_slices();
            match self.stream.write(front) {
                Ok(taken) => drop(self.unsent.drain(..taken)),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Whether the call may simply be made again: later, or because a signal came between (signal(7)).
fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
