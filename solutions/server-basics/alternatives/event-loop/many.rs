//! `many` in one thread, with poll.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use berkeley::{Events, POLLIN, POLLOUT, PollFd, poll};

use crate::calc;

/// What the server grants to clients.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many clients are served at once, at least one.
    pub max: usize,
    /// How long a client may be silent; never zero.
    pub idle: Duration,
}

/// How long nobody is accepted after an error of accept.
const PAUSE: Duration = Duration::from_millis(20);

/// Serves whoever is ready, and lets go whoever is not for too long.
pub fn serve(listener: &TcpListener, limits: Limits) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let mut clients: Vec<Client> = Vec::new();
    let mut closed_until = None;
    loop {
        let now = Instant::now();
        closed_until = closed_until.filter(|end| *end > now);
        let ends = clients.iter().map(|client| client.moved + limits.idle);
        let next = ends.chain(closed_until).min();
        let timeout = next.map(|end| end.saturating_duration_since(now));

        let welcome = if closed_until.is_none() {
            POLLIN
        } else {
            Events::empty()
        };
        let mut fds = vec![PollFd::new(listener, welcome)];
        fds.extend(
            clients
                .iter()
                .map(|client| PollFd::new(&client.stream, client.waits_for())),
        );
        match poll(&mut fds, timeout) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            outcome => _ = outcome?,
        }
        let ready: Vec<bool> = fds.iter().map(|fd| !fd.revents.is_empty()).collect();

        let mut turns = ready[1..].iter();
        clients.retain_mut(|client| match turns.next() {
            Some(true) => client.take_turn(),
            _ => client.moved.elapsed() < limits.idle,
        });
        if ready[0] {
            match listener.accept() {
                Ok((stream, peer)) => {
                    let full = clients.len() == limits.max;
                    let client = if full {
                        turn_away(&stream)
                    } else {
                        Client::new(stream, peer)
                    };
                    match client {
                        Ok(client) => clients.extend(client),
                        Err(error) => eprintln!("{peer}: {error}"),
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => {
                    eprintln!("accept: {error}");
                    closed_until = Some(Instant::now() + PAUSE);
                }
            }
        }
    }
}

/// Says BUSY, and takes what the client has said already. It is no client of ours.
fn turn_away(mut stream: &TcpStream) -> io::Result<Option<Client>> {
    stream.set_nonblocking(true)?;
    stream.write_all(b"BUSY\n")?;
    stream.shutdown(Shutdown::Write)?;
    match stream.read(&mut [0; 4096]) {
        Err(error) if error.kind() != ErrorKind::WouldBlock => Err(error),
        _ => Ok(None),
    }
}

/// A client, what came from it and is no whole line yet, and what is to be sent to it.
struct Client {
    stream: TcpStream,
    peer: SocketAddr,
    received: Vec<u8>,
    replies: Vec<u8>,
    /// Nothing more is read: the stream has ended, or a line was too long.
    ended: bool,
    /// When something last came or went.
    moved: Instant,
}

impl Client {
    fn new(stream: TcpStream, peer: SocketAddr) -> io::Result<Option<Self>> {
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        Ok(Some(Client {
            stream,
            peer,
            received: Vec::new(),
            replies: Vec::new(),
            ended: false,
            moved: Instant::now(),
        }))
    }

    /// Nothing more is read before all replies are out.
    fn waits_for(&self) -> Events {
        if self.replies.is_empty() {
            POLLIN
        } else {
            POLLOUT
        }
    }

    /// Reads or writes once; tells whether the client stays.
    fn take_turn(&mut self) -> bool {
        match self.move_bytes() {
            Ok(()) => self.moved = Instant::now(),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => {
                eprintln!("{}: {error}", self.peer);
                return false;
            }
        }
        !self.ended || !self.replies.is_empty()
    }

    fn move_bytes(&mut self) -> io::Result<()> {
        if self.replies.is_empty() {
            let mut buffer = [0; 4096];
            let n = self.stream.read(&mut buffer)?;
            self.ended = n == 0;
            self.received.extend_from_slice(&buffer[..n]);
            self.answer();
        }
        if !self.replies.is_empty() {
            let taken = self.stream.write(&self.replies)?;
            self.replies.drain(..taken);
        }
        Ok(())
    }

    /// Answers the lines that are complete.
    fn answer(&mut self) {
        let mut rest = self.received.as_slice();
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let line = rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]);
            if line.len() > calc::MAX_LINE {
                break;
            }
            self.replies.extend(calc::answer(line));
            rest = &rest[end + 1..];
        }
        // What is left is part of a line, or a line that is too long.
        let text = rest.split(|byte| *byte == b'\n').next().unwrap_or(rest);
        if text.strip_suffix(b"\r").unwrap_or(text).len() > calc::MAX_LINE {
            self.replies.extend_from_slice(calc::TOO_LONG);
            self.ended = true;
        }
        let used = self.received.len() - rest.len();
        self.received.drain(..used);
    }
}
