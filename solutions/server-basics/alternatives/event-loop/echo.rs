//! `echo` for all clients at once, in one thread, with poll.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use berkeley::{Events, POLLIN, POLLOUT, PollFd, poll};

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

/// A client, and what is to go back to it: `buffer[sent..filled]`.
struct Client {
    stream: TcpStream,
    peer: SocketAddr,
    buffer: [u8; 4096],
    sent: usize,
    filled: usize,
}

impl Client {
    fn new(stream: TcpStream, peer: SocketAddr) -> Option<Self> {
        if let Err(error) = stream.set_nonblocking(true) {
            eprintln!("{peer}: {error}");
            return None;
        }
        Some(Client {
            stream,
            peer,
            buffer: [0; 4096],
            sent: 0,
            filled: 0,
        })
    }

    /// Nothing more is read before all of it is sent: so much memory has a client, and no more.
    fn waits_for(&self) -> Events {
        if self.sent < self.filled {
            POLLOUT
        } else {
            POLLIN
        }
    }

    /// Reads or writes once; tells whether the client stays.
    fn take_turn(&mut self) -> bool {
        match self.move_bytes() {
            Ok(stays) => stays,
            Err(error) if error.kind() == ErrorKind::WouldBlock => true,
            Err(error) => {
                eprintln!("{}: {error}", self.peer);
                false
            }
        }
    }

    fn move_bytes(&mut self) -> io::Result<bool> {
        if self.sent == self.filled {
            self.filled = self.stream.read(&mut self.buffer)?;
            self.sent = 0;
            if self.filled == 0 {
                return Ok(false);
            }
        }
        self.sent += self.stream.write(&self.buffer[self.sent..self.filled])?;
        Ok(true)
    }
}
