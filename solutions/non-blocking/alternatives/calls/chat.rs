//! A chat on mio, with a map of guests and a list of who has yet to be told what.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use crate::protocol::{self, Lines};

/// What the server grants to clients.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many bytes are kept for a client that does not read, at least one.
    pub keep: usize,
    /// How long a client may be silent; never zero.
    pub idle: Duration,
}

struct Guest {
    stream: TcpStream,
    name: String,
    lines: Lines,
    out: Vec<u8>,
    deadline: Instant,
    /// Says good-bye when everything is sent.
    closing: bool,
}

/// What is to be done next; doing one thing may make others.
enum Task {
    Read(Token),
    Line(Token, Vec<u8>),
    Tell(Token, Vec<u8>),
    TellOthers(Token, Vec<u8>),
    Close(Token),
    Drop(Token),
}

struct Chat {
    guests: BTreeMap<Token, Guest>,
    /// Numbers of those who have a name, in the order of their joining.
    joined: Vec<Token>,
    tasks: VecDeque<Task>,
    limits: Limits,
}

/// Serves one room for ever.
pub fn serve(listener: &TcpListener, limits: Limits) -> io::Result<()> {
    let listener = listener.try_clone()?;
    listener.set_nonblocking(true)?;
    let mut listener = mio::net::TcpListener::from_std(listener);
    let mut poll = Poll::new()?;
    poll.registry()
        .register(&mut listener, Token(0), Interest::READABLE)?;
    let mut events = Events::with_capacity(256);
    let mut chat = Chat {
        guests: BTreeMap::new(),
        joined: Vec::new(),
        tasks: VecDeque::new(),
        limits,
    };
    let mut next = 1;
    let mut knocked = false;
    loop {
        let mut timeout = chat
            .guests
            .values()
            .map(|guest| guest.deadline)
            .min()
            .map(|at| at.saturating_duration_since(Instant::now()));
        if knocked {
            timeout = Some(timeout.map_or(Duration::from_millis(20), |t| {
                t.min(Duration::from_millis(20))
            }));
        }
        if !chat.tasks.is_empty() {
            timeout = Some(Duration::ZERO);
        }
        if let Err(e) = poll.poll(&mut events, timeout)
            && e.kind() != ErrorKind::Interrupted
        {
            return Err(e);
        }
        for event in &events {
            if event.token() == Token(0) {
                knocked = true;
                continue;
            }
            if event.is_writable() {
                chat.flush(event.token());
            }
            if event.is_readable() || event.is_error() {
                chat.tasks.push_back(Task::Read(event.token()));
            }
        }
        chat.work();
        let now = Instant::now();
        let late = chat
            .guests
            .iter()
            .filter(|(_, guest)| guest.deadline <= now);
        let late: Vec<Token> = late.map(|(token, _)| *token).collect();
        chat.tasks.extend(late.into_iter().map(Task::Drop));
        chat.work();
        while knocked {
            match listener.accept() {
                Ok((mut stream, _)) => {
                    let token = Token(next);
                    next += 1;
                    if poll
                        .registry()
                        .register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)
                        .is_ok()
                    {
                        chat.guests.insert(
                            token,
                            Guest {
                                stream,
                                name: String::new(),
                                lines: Lines::default(),
                                out: Vec::new(),
                                deadline: Instant::now() + limits.idle,
                                closing: false,
                            },
                        );
                    }
                }
                Err(e) if e.kind() == ErrorKind::WouldBlock => knocked = false,
                Err(_) => break,
            }
        }
    }
}

impl Chat {
    fn work(&mut self) {
        for _ in 0..10_000 {
            match self.tasks.pop_front() {
                None => return,
                Some(Task::Read(token)) => self.read(token),
                Some(Task::Line(token, line)) => self.line(token, &line),
                Some(Task::Tell(token, bytes)) => self.tell(token, &bytes),
                Some(Task::TellOthers(from, bytes)) => {
                    for token in self.joined.clone() {
                        if token != from {
                            self.tell(token, &bytes);
                        }
                    }
                }
                Some(Task::Close(token)) => {
                    self.say_good_bye(token);
                    if let Some(guest) = self.guests.get_mut(&token) {
                        guest.closing = true;
                    }
                    self.flush(token);
                }
                Some(Task::Drop(token)) => {
                    self.say_good_bye(token);
                    self.guests.remove(&token);
                }
            }
        }
    }

    fn read(&mut self, token: Token) {
        let Some(guest) = self.guests.get_mut(&token).filter(|guest| !guest.closing) else {
            return;
        };
        let mut chunk = [0; 4096];
        match guest.stream.read(&mut chunk) {
            Ok(0) => self.tasks.push_back(Task::Close(token)),
            Ok(n) => {
                guest.deadline = Instant::now() + self.limits.idle;
                guest.lines.push(&chunk[..n]);
                loop {
                    match guest.lines.next_line() {
                        Ok(Some(line)) => self.tasks.push_back(Task::Line(token, line)),
                        Ok(None) => break,
                        Err(_) => {
                            self.tasks
                                .push_back(Task::Tell(token, protocol::TOO_LONG.to_vec()));
                            self.tasks.push_back(Task::Close(token));
                            return;
                        }
                    }
                }
                self.tasks.push_back(Task::Read(token));
            }
            Err(e) if e.kind() == ErrorKind::WouldBlock => {}
            Err(_) => self.tasks.push_back(Task::Drop(token)),
        }
    }

    fn line(&mut self, token: Token, line: &[u8]) {
        let Some(guest) = self.guests.get(&token).filter(|guest| !guest.closing) else {
            return;
        };
        if !guest.name.is_empty() {
            if !line.is_empty() {
                let said = protocol::said(&guest.name, line);
                self.tasks.push_front(Task::TellOthers(token, said));
            }
            return;
        }
        let names: Vec<String> = self
            .joined
            .iter()
            .filter_map(|token| self.guests.get(token))
            .map(|guest| guest.name.clone())
            .collect();
        let reply = match protocol::name(line) {
            None => protocol::BAD_NAME.to_vec(),
            Some(name) if names.iter().any(|taken| taken == name) => protocol::NAME_TAKEN.to_vec(),
            Some(name) => {
                self.tasks
                    .push_front(Task::TellOthers(token, protocol::joined(name)));
                if let Some(guest) = self.guests.get_mut(&token) {
                    name.clone_into(&mut guest.name);
                }
                self.joined.push(token);
                protocol::welcome(names.iter().map(String::as_str))
            }
        };
        self.tell(token, &reply);
    }

    fn tell(&mut self, token: Token, bytes: &[u8]) {
        if let Some(guest) = self.guests.get_mut(&token) {
            guest.out.extend_from_slice(bytes);
            self.flush(token);
        }
        if self
            .guests
            .get(&token)
            .is_some_and(|guest| guest.out.len() > self.limits.keep)
        {
            self.tasks.push_back(Task::Drop(token));
        }
    }

    fn flush(&mut self, token: Token) {
        let Some(guest) = self.guests.get_mut(&token) else {
            return;
        };
        while !guest.out.is_empty() {
            match guest.stream.write(&guest.out) {
                Ok(n) => drop(guest.out.drain(..n)),
                Err(e) if e.kind() == ErrorKind::WouldBlock => return,
                Err(_) => return self.tasks.push_back(Task::Drop(token)),
            }
        }
        if guest.closing {
            self.guests.remove(&token);
        }
    }

    /// The others hear, once, that it has left.
    fn say_good_bye(&mut self, token: Token) {
        if let Some(place) = self.joined.iter().position(|joined| *joined == token) {
            self.joined.remove(place);
            if let Some(guest) = self.guests.get(&token) {
                self.tasks
                    .push_back(Task::TellOthers(token, protocol::left(&guest.name)));
            }
        }
    }
}
