//! An echo with a ring for each client: what is in it was read and not yet sent.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

use berkeley::{Events, POLLIN, POLLOUT, PollFd, poll};

/// Bytes between `start` and `start + len`, around the end.
struct Ring {
    bytes: Box<[u8]>,
    start: usize,
    len: usize,
}

impl Ring {
    fn new(capacity: usize) -> Self {
        Ring {
            bytes: vec![0; capacity].into_boxed_slice(),
            start: 0,
            len: 0,
        }
    }

    fn is_full(&self) -> bool {
        self.len == self.bytes.len()
    }

    /// Reads into the free piece behind what is there.
    fn fill(&mut self, from: &mut impl Read) -> io::Result<usize> {
        let capacity = self.bytes.len();
        let end = (self.start + self.len) % capacity;
        let limit = if end < self.start {
            self.start
        } else {
            capacity
        };
        let n = from.read(&mut self.bytes[end..limit])?;
        self.len += n;
        Ok(n)
    }

    /// Writes the piece from the start on.
    fn empty(&mut self, to: &mut impl Write) -> io::Result<()> {
        let limit = self.bytes.len().min(self.start + self.len);
        let n = to.write(&self.bytes[self.start..limit])?;
        self.start = (self.start + n) % self.bytes.len();
        self.len -= n;
        Ok(())
    }
}

enum State {
    Talking,
    Finished,
    Over,
}

struct Client {
    stream: TcpStream,
    ring: Ring,
    state: State,
}

impl Client {
    fn interest(&self) -> Events {
        let read = match self.state {
            State::Talking if !self.ring.is_full() => POLLIN,
            _ => Events::empty(),
        };
        let write = if self.ring.len > 0 {
            POLLOUT
        } else {
            Events::empty()
        };
        read | write
    }

    fn go_on(&mut self, asked: Events) {
        let mut outcome = Ok(());
        if asked.contains(POLLOUT) {
            outcome = self.ring.empty(&mut self.stream);
        }
        if outcome.is_ok() && asked.contains(POLLIN) {
            outcome = match self.ring.fill(&mut self.stream) {
                Ok(0) => {
                    self.state = State::Finished;
                    Ok(())
                }
                other => other.map(drop),
            };
        }
        match outcome {
            Err(e) if e.kind() == ErrorKind::WouldBlock || e.kind() == ErrorKind::Interrupted => {}
            Err(_) => self.state = State::Over,
            Ok(()) if matches!(self.state, State::Finished) && self.ring.len == 0 => {
                self.state = State::Over
            }
            Ok(()) => {}
        }
    }
}

/// Serves all clients at once; `keep` is the size of a ring.
pub fn serve(listener: &TcpListener, keep: usize) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let mut clients: Vec<Client> = Vec::new();
    loop {
        let asked: Vec<Events> = clients.iter().map(Client::interest).collect();
        let mut fds = vec![PollFd::new(listener, POLLIN)];
        fds.extend(
            clients
                .iter()
                .zip(&asked)
                .map(|(client, &asked)| PollFd::new(&client.stream, asked)),
        );
        if let Err(e) = poll(&mut fds, None)
            && e.kind() != ErrorKind::Interrupted
        {
            return Err(e);
        }
        let woken: Vec<bool> = fds.iter().map(|fd| !fd.revents.is_empty()).collect();
        for ((client, asked), woken) in clients.iter_mut().zip(asked).zip(&woken[1..]) {
            if *woken {
                client.go_on(asked);
            }
        }
        clients.retain(|client| !matches!(client.state, State::Over));
        if woken[0]
            && let Ok((stream, _)) = listener.accept()
        {
            stream.set_nonblocking(true)?;
            clients.push(Client {
                stream,
                ring: Ring::new(keep),
                state: State::Talking,
            });
        }
    }
}
