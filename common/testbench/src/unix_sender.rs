//! The check's end of an exchange of Unix datagrams.

use std::io::{self, ErrorKind, Read};
use std::time::{Duration, Instant};

use socket2::{Domain, SockAddr, Socket, Type};

use crate::failure::{Failure, Outcome, Saw, differs};
use crate::peer::{is_timeout, uninterrupted};
use crate::program::Program;
use crate::scene::PATIENCE;
use crate::transcript::PROGRAM;
use crate::unix_address::UnixAddr;
use crate::unix_server::UnixServer;

/// Longer than any answer.
const LONGEST_ANSWER: usize = 4096;

/// A peer with a Unix datagram socket that sends to the program.
#[derive(Debug)]
pub struct UnixSender {
    socket: Socket,
    server: SockAddr,
    name: String,
    program: Program,
}

impl UnixServer {
    /// A sender without a name: it cannot be answered.
    pub fn unnamed_sender(&self) -> Outcome<UnixSender> {
        self.sender("unnamed sender", None)
    }

    /// A sender whose name is `addr`.
    pub fn sender_at(&self, addr: &UnixAddr) -> Outcome<UnixSender> {
        self.sender("sender", Some(addr))
    }

    fn sender(&self, role: &str, addr: Option<&UnixAddr>) -> Outcome<UnixSender> {
        let made = || -> io::Result<(Socket, SockAddr)> {
            let socket = Socket::new(Domain::UNIX, Type::DGRAM, None)?;
            if let Some(addr) = addr {
                socket.bind(&addr.socket_addr()?)?;
            }
            Ok((socket, self.addr().socket_addr()?))
        };
        let (socket, server) =
            made().map_err(|error| Failure::grader("make a sender's socket", error))?;
        Ok(UnixSender {
            socket,
            server,
            name: self.scene().name(role),
            program: (**self).clone(),
        })
    }
}

impl UnixSender {
    /// Its name in the transcript.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Sends one datagram, waiting for room in the program's queue.
    pub fn send(&self, data: impl AsRef<[u8]>) -> Outcome {
        let data = data.as_ref();
        self.program
            .scene()
            .transcript
            .sent_as(&self.name, PROGRAM, "sends", data);
        let sent = self
            .socket
            .set_write_timeout(Some(PATIENCE))
            .and_then(|()| uninterrupted(|| self.socket.send_to(data, &self.server)));
        match sent {
            Ok(_) => Ok(()),
            Err(error) if is_timeout(&error) => {
                let awaited = "room in the program's queue of datagrams";
                Err(self.program.absence(&self.name, awaited, PATIENCE))
            }
            Err(error) => Err(self.unsent(&error)),
        }
    }

    fn unsent(&self, error: &io::Error) -> Failure {
        match error.kind() {
            ErrorKind::ConnectionRefused | ErrorKind::NotFound => {
                // It is most likely about to end.
                self.program.end_within(PATIENCE / 10);
                let happened = format!(
                    "nobody receives {}'s datagram any more ({error}); {}",
                    self.name,
                    self.program.doing()
                );
                Failure::new(Saw::Refused, happened)
            }
            // EPERM: a socket that is connected takes nothing from anybody else.
            ErrorKind::PermissionDenied => {
                let happened = format!(
                    "the program's socket takes no datagram from {} ({error})",
                    self.name
                );
                Failure::new(Saw::Refused, happened)
            }
            _ => Failure::grader("send a datagram", error),
        }
    }

    /// The next datagram is exactly this.
    pub fn expect(&self, expected: impl AsRef<[u8]>) -> Outcome {
        let expected = expected.as_ref();
        let came = self
            .receive()
            .map_err(|failure| failure.instead_of(expected))?;
        differs(&format!("what {} got", self.name), expected, came)
    }

    /// The next datagram, whatever it is.
    pub fn receive(&self) -> Outcome<Vec<u8>> {
        let deadline = Instant::now() + PATIENCE;
        let mut buffer = [0; LONGEST_ANSWER];
        loop {
            // Looked at first: a program that ends may have sent something just before.
            let over = self.program.try_wait().is_some() || Instant::now() >= deadline;
            self.socket
                .set_read_timeout(Some(Duration::from_millis(20)))
                .map_err(|error| Failure::grader("set a timeout", error))?;
            match (&self.socket).read(&mut buffer) {
                Ok(length) => {
                    let bytes = buffer[..length].to_vec();
                    self.program
                        .scene()
                        .transcript
                        .sent_as(PROGRAM, &self.name, "sends", &bytes);
                    return Ok(bytes);
                }
                Err(error) if is_timeout(&error) && over => {
                    return Err(self.program.absence(&self.name, "an answer", PATIENCE));
                }
                Err(error) if is_timeout(&error) || error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Failure::grader("receive a datagram", error)),
            }
        }
    }
}
