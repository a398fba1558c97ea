//! `lines` for all clients at once, in one thread, with poll.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use berkeley::{Events, POLLIN, POLLOUT, PollFd, poll};

use crate::calc;

/// Serves whoever is ready.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let mut clients: Vec<Client> = Vec::new();
    // After an error of accept, nobody is accepted for one round of this length.
    let mut pause = None;
    loop {
        let welcome = if pause.is_none() {
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
        match poll(&mut fds, pause) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            outcome => _ = outcome?,
        }
        let ready: Vec<bool> = fds.iter().map(|fd| !fd.revents.is_empty()).collect();

        let mut turns = ready[1..].iter();
        clients.retain_mut(|client| turns.next() != Some(&true) || client.take_turn());
        pause = None;
        if ready[0] {
            match listener.accept() {
                Ok((stream, peer)) => clients.extend(Client::new(stream, peer)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => {
                    eprintln!("accept: {error}");
                    pause = Some(Duration::from_millis(20));
                }
            }
        }
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
}

impl Client {
    fn new(stream: TcpStream, peer: SocketAddr) -> Option<Self> {
        if let Err(error) = stream
            .set_nonblocking(true)
            .and_then(|()| stream.set_nodelay(true))
        {
            eprintln!("{peer}: {error}");
            return None;
        }
        Some(Client {
            stream,
            peer,
            received: Vec::new(),
            replies: Vec::new(),
            ended: false,
        })
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
            Ok(()) => {}
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
        let taken = self.stream.write(&self.replies)?;
        self.replies.drain(..taken);
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
