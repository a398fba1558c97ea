//! Stage 6, `chat`: clients that have to do with each other.
//!
//! What is asked: docs/src/labs/non-blocking.md#chat

use std::io;
use std::net::TcpListener;
use std::time::Duration;
// solution:
use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

use berkeley::{Events, POLLERR, POLLHUP, POLLIN, POLLOUT, PollFd, poll};

use crate::protocol::{self, Lines, TooLong};
// end

/// What the server grants to clients.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many bytes are kept for a client that does not read, at least one.
    pub keep: usize,
    /// How long a client may be silent; never zero.
    pub idle: Duration,
}

/// Serves one room for ever, in the thread that calls it: what one client says, the others hear.
/// Its words are in [`crate::protocol`].
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &TcpListener, limits: Limits) -> io::Result<()> {
    // solution: let _ = listener; todo!("poll the listener and all clients; pass each line on to the others, within {limits:?}")
    listener.set_nonblocking(true)?;
    let mut room = Room::new(limits);
    let mut door = Door::Open;
    loop {
        let (knock, ready) = wait(listener, door, &room)?;
        room.hear(&ready);
        room.end_silences();
        room.speak(&ready);
        room.see_off();
        if door == Door::Resting || !knock.is_empty() {
            door = accept_all(listener, &mut room);
        }
    }
    // end
}

// solution:
/// Whether to look out for newcomers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    /// Yes.
    Open,
    /// Not for a while: accept has failed, and the client that it failed for is still queued, so
    /// that the listener stays ready (accept(2), EMFILE). Those who are inside go on.
    Resting,
}

/// How long the door rests.
const REST: Duration = Duration::from_millis(50);

/// Waits until there is something to do, and tells what: on the listener, and for each client.
fn wait(listener: &TcpListener, door: Door, room: &Room) -> io::Result<(Events, Vec<Events>)> {
    let (newcomers, rest) = match door {
        Door::Open => (POLLIN, None),
        Door::Resting => (Events::empty(), Some(REST)),
    };
    let timeout = [rest, room.next_silence()].into_iter().flatten().min();
    let mut fds = vec![PollFd::new(listener, newcomers)];
    fds.extend(
        room.clients
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
fn accept_all(listener: &TcpListener, room: &mut Room) -> Door {
    loop {
        match listener
            .accept()
            .and_then(|(stream, peer)| room.let_in(stream, peer))
        {
            Ok(()) => {}
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

/// Everyone who is there, named or not, in the order in which they came.
struct Room {
    clients: Vec<Client>,
    /// The names of those who are there, in the order in which they joined.
    names: Vec<String>,
    limits: Limits,
    /// What a read reads into.
    buffer: Vec<u8>,
}

impl Room {
    fn new(limits: Limits) -> Self {
        Room {
            clients: Vec::new(),
            names: Vec::new(),
            limits,
            buffer: vec![0; 16 * 1024],
        }
    }

    fn let_in(&mut self, stream: TcpStream, peer: SocketAddr) -> io::Result<()> {
        let client = Client::new(stream, peer, self.limits.keep)?;
        self.clients.push(client);
        Ok(())
    }

    /// Reads once from each client that has something, and does what its lines say.
    fn hear(&mut self, ready: &[Events]) {
        for (index, events) in ready.iter().enumerate() {
            // Errors and hang-ups come unasked; reading tells what they are.
            if events.intersects(POLLIN | POLLERR | POLLHUP) {
                self.clients[index].receive(&mut self.buffer);
                self.take_lines(index);
            }
        }
    }

    fn take_lines(&mut self, index: usize) {
        while self.clients[index].presence == Presence::There {
            match self.clients[index].lines.next_line() {
                Ok(Some(line)) => self.take_line(index, &line),
                Ok(None) => break,
                Err(TooLong) => {
                    self.clients[index].tell(protocol::TOO_LONG);
                    self.clients[index].presence = Presence::Leaving;
                }
            }
        }
    }

    /// The first good line of a client is its name, the others are for all.
    fn take_line(&mut self, index: usize, line: &[u8]) {
        match self.clients[index].name.clone() {
            None => self.take_name(index, line),
            Some(_) if line.is_empty() => {}
            Some(name) => self.tell_others(index, &protocol::said(&name, line)),
        }
    }

    fn take_name(&mut self, index: usize, line: &[u8]) {
        let Some(name) = protocol::name(line) else {
            self.clients[index].tell(protocol::BAD_NAME);
            return;
        };
        if self.names.iter().any(|taken| taken == name) {
            self.clients[index].tell(protocol::NAME_TAKEN);
            return;
        }
        let welcome = protocol::welcome(self.names.iter().map(String::as_str));
        self.clients[index].tell(&welcome);
        self.clients[index].name = Some(name.to_owned());
        self.names.push(name.to_owned());
        self.tell_others(index, &protocol::joined(name));
    }

    /// Everybody hears it who has a name, but for the client `from`.
    fn tell_others(&mut self, from: usize, line: &[u8]) {
        for (index, client) in self.clients.iter_mut().enumerate() {
            if index != from && client.name.is_some() && client.presence == Presence::There {
                client.tell(line);
            }
        }
    }

    /// Puts out those from whom nothing has come for too long.
    fn end_silences(&mut self) {
        for client in &mut self.clients {
            if client.heard.elapsed() >= self.limits.idle {
                client.put_out("silent for too long");
            }
        }
    }

    /// When the next silence is too long, counted from here.
    fn next_silence(&self) -> Option<Duration> {
        let longest = self
            .clients
            .iter()
            .map(|client| client.heard.elapsed())
            .max()?;
        Some(self.limits.idle.saturating_sub(longest))
    }

    /// Sends to those who have room for what they are owed.
    fn speak(&mut self, ready: &[Events]) {
        for (client, events) in self.clients.iter_mut().zip(ready) {
            if !events.is_empty() {
                client.send();
            }
        }
    }

    /// Tells the others who has left. Telling can put out another, who did not read: so until nobody leaves.
    fn see_off(&mut self) {
        while let Some(index) = self.clients.iter().position(Client::is_to_be_announced) {
            if let Some(name) = self.clients[index].name.take() {
                self.names.retain(|there| *there != name);
                self.tell_others(index, &protocol::left(&name));
            }
        }
        self.clients.retain(|client| !client.is_done());
    }
}

/// Whether a client is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    /// Yes.
    There,
    /// It has finished. What it is owed is still sent.
    Leaving,
    /// The connection is of no more use.
    Gone,
}

/// A client, and what it is owed.
struct Client {
    stream: TcpStream,
    peer: SocketAddr,
    /// Nothing as long as it has not said it, and again when the others know that it has left.
    name: Option<String>,
    presence: Presence,
    lines: Lines,
    /// What it is to be sent.
    unsent: VecDeque<u8>,
    /// How much that may be.
    keep: usize,
    /// When something came from it, or it came itself.
    heard: Instant,
}

impl Client {
    fn new(stream: TcpStream, peer: SocketAddr, keep: usize) -> io::Result<Self> {
        // An accepted socket is blocking, whatever its listener is (accept(2)).
        stream.set_nonblocking(true)?;
        // A line is a whole message: nothing that follows is worth waiting for (tcp(7)).
        stream.set_nodelay(true)?;
        Ok(Client {
            stream,
            peer,
            name: None,
            presence: Presence::There,
            lines: Lines::default(),
            unsent: VecDeque::new(),
            keep,
            heard: Instant::now(),
        })
    }

    /// What to wake up for.
    fn interest(&self) -> Events {
        let mut events = Events::empty();
        if self.presence == Presence::There {
            events |= POLLIN;
        }
        if !self.unsent.is_empty() {
            events |= POLLOUT;
        }
        events
    }

    /// Reads once: if there is more, poll says so again, and others have their turn first.
    fn receive(&mut self, buffer: &mut [u8]) {
        if self.presence != Presence::There {
            return;
        }
        match self.stream.read(buffer) {
            Ok(0) => self.presence = Presence::Leaving,
            Ok(received) => {
                self.lines.push(&buffer[..received]);
                self.heard = Instant::now();
            }
            Err(error) if is_passing(&error) => {}
            Err(error) => self.put_out(&error.to_string()),
        }
    }

    /// Sends what the kernel has room for; the rest waits until poll says that there is room again.
    fn send(&mut self) {
        while !self.unsent.is_empty() {
            let (front, _) = self.unsent.as_slices();
            match self.stream.write(front) {
                Ok(taken) => drop(self.unsent.drain(..taken)),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) => return self.put_out(&error.to_string()),
            }
        }
    }

    /// Lets it have `line` when it has room. Who lets too much pile up does not read, and is put out:
    /// what others say cannot be held back for its sake.
    fn tell(&mut self, line: &[u8]) {
        self.unsent.extend(line);
        if self.unsent.len() > self.keep {
            self.send();
        }
        if self.unsent.len() > self.keep {
            self.put_out("reads too slowly");
        }
    }

    fn put_out(&mut self, reason: &str) {
        eprintln!("{}: {reason}", self.peer);
        self.presence = Presence::Gone;
    }

    /// Whether the others have yet to hear that it has left.
    fn is_to_be_announced(&self) -> bool {
        self.presence != Presence::There && self.name.is_some()
    }

    /// Whether its connection is to be closed.
    fn is_done(&self) -> bool {
        match self.presence {
            Presence::There => false,
            Presence::Leaving => self.unsent.is_empty(),
            Presence::Gone => true,
        }
    }
}

/// Whether the call may simply be made again: later, or because a signal came between (signal(7)).
fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
// end
