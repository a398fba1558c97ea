//! `leave` for all clients at once, in one thread, with poll.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use berkeley::{Events, POLLIN, POLLOUT, PollFd, poll};

use crate::calc;
use crate::stop::Stop;

/// How long nobody is accepted after an error of accept.
const PAUSE: Duration = Duration::from_millis(20);

/// Serves whoever is ready; when `stop` is requested, until the last client has left.
pub fn serve(listener: TcpListener, stop: &Stop, drain: Duration) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let mut listener = Some(listener);
    let mut clients: Vec<Client> = Vec::new();
    let mut closed_until = None;
    while listener.is_some() || !clients.is_empty() {
        let now = Instant::now();
        closed_until = closed_until.filter(|end| *end > now);
        let ends = clients.iter().filter_map(|client| client.leaves_at);
        let next = ends.chain(closed_until).min();
        let timeout = next.map(|end| end.saturating_duration_since(now));

        let mut fds: Vec<_> = clients
            .iter()
            .map(|client| PollFd::new(&client.stream, client.waits_for()))
            .collect();
        // Once SIGTERM has come, neither is of interest any more.
        if let Some(listener) = &listener {
            fds.push(PollFd::new(stop, POLLIN));
            let welcome = if closed_until.is_none() {
                POLLIN
            } else {
                Events::empty()
            };
            fds.push(PollFd::new(listener, welcome));
        }
        match poll(&mut fds, timeout) {
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
            _ => {}
        }
        let ready: Vec<bool> = fds.iter().map(|fd| !fd.revents.is_empty()).collect();

        if stop.requested() {
            listener = None;
        }
        let leaving = listener.is_none();
        let mut turns = ready.into_iter();
        clients.retain_mut(|client| {
            let ready = turns.next() == Some(true);
            client
                .take_turn(ready, leaving, drain)
                .unwrap_or_else(|error| {
                    eprintln!("{}: {error}", client.peer);
                    false
                })
        });
        match listener.as_ref().map(TcpListener::accept) {
            Some(Ok((stream, peer))) => match Client::new(stream, peer) {
                Ok(client) => clients.push(client),
                Err(error) => eprintln!("{peer}: {error}"),
            },
            Some(Err(error)) if error.kind() != ErrorKind::WouldBlock => {
                eprintln!("accept: {error}");
                closed_until = Some(Instant::now() + PAUSE);
            }
            _ => {}
        }
    }
    Ok(())
}

/// A client, what came from it and is not answered yet, and what is to be sent to it.
struct Client {
    stream: TcpStream,
    peer: SocketAddr,
    received: Vec<u8>,
    reply: Vec<u8>,
    sent: usize,
    /// The stream has ended, or a line was too long: nothing more is answered.
    ended: bool,
    /// Our side is closed; until then the client may close its own.
    leaves_at: Option<Instant>,
}

impl Client {
    fn new(stream: TcpStream, peer: SocketAddr) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        Ok(Client {
            stream,
            peer,
            received: Vec::new(),
            reply: Vec::new(),
            sent: 0,
            ended: false,
            leaves_at: None,
        })
    }

    fn is_sending(&self) -> bool {
        self.sent < self.reply.len()
    }

    fn waits_for(&self) -> Events {
        if self.is_sending() { POLLOUT } else { POLLIN }
    }

    /// Does what can be done without waiting; tells whether the client stays.
    fn take_turn(&mut self, ready: bool, leaving: bool, drain: Duration) -> io::Result<bool> {
        if let Some(end) = self.leaves_at {
            return Ok(Instant::now() < end && (!ready || self.throw_away()?));
        }
        if ready && !self.is_sending() {
            self.receive()?;
        }
        loop {
            while self.is_sending() {
                match self.stream.write(&self.reply[self.sent..]) {
                    Ok(taken) => self.sent += taken,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(true),
                    Err(error) => return Err(error),
                }
            }
            if leaving || !self.begin_a_reply() {
                break;
            }
        }
        if leaving || self.ended {
            self.stream.shutdown(Shutdown::Write)?;
            self.leaves_at = Some(Instant::now() + drain);
        }
        Ok(true)
    }

    fn receive(&mut self) -> io::Result<()> {
        let mut buffer = [0; 1024];
        match self.stream.read(&mut buffer) {
            Ok(n) => {
                self.ended = n == 0;
                self.received.extend_from_slice(&buffer[..n]);
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Takes a line and begins its reply; tells whether there was one.
    fn begin_a_reply(&mut self) -> bool {
        let end = self.received.iter().position(|byte| *byte == b'\n');
        let line = &self.received[..end.unwrap_or(self.received.len())];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        self.sent = 0;
        if line.len() > calc::MAX_LINE {
            self.reply = calc::TOO_LONG.to_vec();
            self.received.clear();
            self.ended = true;
            return true;
        }
        let Some(end) = end else {
            self.reply.clear();
            return false;
        };
        self.reply = calc::answer_or_blob(line);
        self.received.drain(..=end);
        true
    }

    /// Reads what the client still sends; tells whether more may come.
    fn throw_away(&mut self) -> io::Result<bool> {
        match self.stream.read(&mut [0; 16 * 1024]) {
            Ok(n) => Ok(n > 0),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(true),
            Err(error) => Err(error),
        }
    }
}
