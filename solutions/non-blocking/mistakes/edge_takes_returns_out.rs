//! Takes carriage returns out of what it sends back.
//!
//! stage: edge
//! fails: edge::returns_what_it_got
//!        edge::a_long_message_is_drained
//!        edge::half_close_is_answered
//!        edge::reads_on_when_there_is_room_again
//!        edge::a_flood_leaves_turns_to_others
//! meant: edge::returns_what_it_got
//! says: Send back exactly what came

use std::collections::{HashMap, VecDeque};
use std::io;
use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use mio::event::Event;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Registry, Token};

/// Serves all clients at once, for ever, in the thread that calls it: every byte goes back, and at
/// most `keep` bytes, at least one, are kept for a client that does not read.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: TcpListener, keep: usize) -> io::Result<()> {
    let mut poll = Poll::new()?;
    let mut door = Door::new(listener, poll.registry())?;
    let mut clients = Clients::new(keep);
    let mut events = Events::with_capacity(256);
    loop {
        // Who has not come to WouldBlock gets no event, but another turn; till then, look what is new.
        let timeout = if clients.due.is_empty() {
            door.rest()
        } else {
            Some(Duration::ZERO)
        };
        match poll.poll(&mut events, timeout) {
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
            _ => {}
        }
        for event in &events {
            match event.token() {
                LISTENER => door.knock = Knock::Heard,
                _ => clients.note(event),
            }
        }
        door.accept_all(poll.registry(), &mut clients);
        clients.give_turns();
    }
}

/// What a client may send before it is the next one's turn: without an end to it, a client that
/// sends as fast as it is read would keep the loop to itself (epoll(7), Possible pitfalls).
const BUDGET: usize = 64 * 1024;

/// How long to wait when accept fails: the client that it failed for is still queued
/// (accept(2), EMFILE).
const REST: Duration = Duration::from_millis(50);

/// The listener's token; those of clients count up from the next.
const LISTENER: Token = Token(0);

/// The way in.
struct Door {
    listener: mio::net::TcpListener,
    knock: Knock,
}

/// What is known of newcomers. An event tells of the first only: one event may stand for many.
#[derive(Clone, Copy)]
enum Knock {
    /// None is waiting: the next brings an event.
    None,
    /// There may be some.
    Heard,
    /// There is one that could not be accepted. It brings no event; try again then.
    Again(Instant),
}

impl Door {
    fn new(listener: TcpListener, registry: &Registry) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let mut listener = mio::net::TcpListener::from_std(listener);
        registry.register(&mut listener, LISTENER, Interest::READABLE)?;
        let knock = Knock::None;
        Ok(Door { listener, knock })
    }

    /// How long the loop may sleep on account of newcomers.
    fn rest(&self) -> Option<Duration> {
        match self.knock {
            Knock::Again(at) => Some(at.saturating_duration_since(Instant::now())),
            _ => None,
        }
    }

    /// Takes every newcomer who is waiting.
    fn accept_all(&mut self, registry: &Registry, clients: &mut Clients) {
        match self.knock {
            Knock::None => return,
            Knock::Again(at) if at > Instant::now() => return,
            _ => {}
        }
        self.knock = loop {
            let accepted = self.listener.accept();
            match accepted.and_then(|(stream, peer)| clients.welcome(stream, peer, registry)) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break Knock::None,
                Err(error) if is_passing(&error) => {}
                Err(error) => {
                    eprintln!("accept: {error}");
                    break Knock::Again(Instant::now() + REST);
                }
            }
        };
    }
}

/// Everyone who is there.
struct Clients {
    by_token: HashMap<Token, Client>,
    next: usize,
    keep: usize,
    /// Who may get on without a further event, in the order of their turns; nobody twice.
    due: VecDeque<Token>,
    /// What a read reads into.
    buffer: Vec<u8>,
}

impl Clients {
    fn new(keep: usize) -> Self {
        Clients {
            by_token: HashMap::new(),
            next: LISTENER.0 + 1,
            keep,
            due: VecDeque::new(),
            buffer: vec![0; 16 * 1024],
        }
    }

    fn welcome(
        &mut self,
        mut stream: TcpStream,
        peer: SocketAddr,
        registry: &Registry,
    ) -> io::Result<()> {
        // What is ready to go is to go: nothing that follows is worth waiting for (tcp(7)).
        stream.set_nodelay(true)?;
        let token = Token(self.next);
        // Both at once, and once for all: on edges, interest in what is not wanted costs nothing.
        registry.register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
        self.next += 1;
        self.by_token
            .insert(token, Client::new(stream, peer, self.keep));
        Ok(())
    }

    /// Remembers what an event says: it will not be said again.
    fn note(&mut self, event: &Event) {
        let Some(client) = self.by_token.get_mut(&event.token()) else {
            return;
        };
        if event.is_readable() || event.is_error() {
            client.readable = true;
        }
        if !client.is_due {
            client.is_due = true;
            self.due.push_back(event.token());
        }
    }

    /// A turn for each who is due. Who has not come to an end is due again.
    fn give_turns(&mut self) {
        for _ in 0..self.due.len() {
            let Some(token) = self.due.pop_front() else {
                return;
            };
            let Some(client) = self.by_token.get_mut(&token) else {
                continue;
            };
            match client.turn(&mut self.buffer) {
                Ok(Next::Event) => client.is_due = false,
                Ok(Next::Turn) => self.due.push_back(token),
                // Closing a socket deregisters it (epoll(7)).
                Ok(Next::End) => drop(self.by_token.remove(&token)),
                Err(error) => {
                    eprintln!("{}: {error}", client.peer);
                    self.by_token.remove(&token);
                }
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
    /// How much that may be.
    keep: usize,
    /// Whether reading has not come to WouldBlock since the last event.
    readable: bool,
    /// Whether its end of stream has come. It may still be reading.
    finished: bool,
    /// Whether it stands in the queue.
    is_due: bool,
}

/// How a client's turn has ended.
enum Next {
    /// There is nothing to do until an event comes.
    Event,
    /// The budget is used up: there is more to do, in another turn.
    Turn,
    /// It has finished, and has got everything.
    End,
}

impl Client {
    fn new(stream: TcpStream, peer: SocketAddr, keep: usize) -> Self {
        Client {
            stream,
            peer,
            unsent: VecDeque::new(),
            keep,
            readable: false,
            finished: false,
            is_due: false,
        }
    }

    /// Reads and sends until the socket says WouldBlock or the budget is used up.
    fn turn(&mut self, buffer: &mut [u8]) -> io::Result<Next> {
        let mut budget = BUDGET;
        loop {
            self.send()?;
            if self.finished {
                return Ok(if self.unsent.is_empty() {
                    Next::End
                } else {
                    Next::Event
                });
            }
            let room = self.keep.saturating_sub(self.unsent.len());
            if !self.readable || room == 0 {
                // Without room `readable` stands: when sending gets on again, reading does.
                return Ok(Next::Event);
            }
            if budget == 0 {
                return Ok(Next::Turn);
            }
            let most = room.min(budget).min(buffer.len());
            match self.stream.read(&mut buffer[..most]) {
                Ok(0) => self.finished = true,
                Ok(received) => {
                    let kept = buffer[..received].iter().filter(|byte| **byte != b'\r');
                    self.unsent.extend(kept);
                    budget -= received;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.readable = false,
                Err(error) if is_passing(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Sends what the kernel has room for. If it is not all, it has said WouldBlock, and an event comes.
    fn send(&mut self) -> io::Result<()> {
        while !self.unsent.is_empty() {
            let (front, _) = self.unsent.as_slices();
            match self.stream.write(front) {
                Ok(taken) => drop(self.unsent.drain(..taken)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if is_passing(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Whether the call may simply be made again: a signal came between (signal(7)), or the newcomer
/// was gone before it was accepted.
fn is_passing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Interrupted | ErrorKind::ConnectionAborted
    )
}
