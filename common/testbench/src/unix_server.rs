//! A program that serves at a Unix socket, and the clients that come to it.

use std::io;
use std::thread;
use std::time::Instant;

use socket2::{Domain, Socket, Type};

use crate::bench::Bench;
use crate::failure::{Failure, Outcome, Saw};
use crate::peer::{Peer, is_timeout, unconnected};
use crate::program::{GLANCE, Program};
use crate::scene::PATIENCE;
use crate::server::ready_address;
use crate::transcript::PROGRAM;
use crate::unix_address::UnixAddr;

/// A program that has said READY. Derefs to its [`Program`].
#[derive(Debug, Clone)]
pub struct UnixServer {
    program: Program,
    addr: UnixAddr,
}

impl Bench {
    /// Starts the program as a server of `stage` at `addr`, and waits until it is READY.
    pub fn serve_unix(&self, stage: &str, addr: &UnixAddr, flags: &[&str]) -> Outcome<UnixServer> {
        let program = self.start_unix(stage, addr, flags)?;
        UnixServer::when_ready(program, addr)
    }

    /// Starts the program as a server of `stage` at `addr`, for checks of how it fails to become READY.
    pub fn start_unix(&self, stage: &str, addr: &UnixAddr, flags: &[&str]) -> Outcome<Program> {
        self.start_at(&addr.to_string(), stage, flags)
    }
}

impl UnixServer {
    /// Waits for the program's READY line, which names the address it was told.
    fn when_ready(program: Program, addr: &UnixAddr) -> Outcome<Self> {
        let told = addr.to_string();
        let said = ready_address(&program, &told)?;
        if said != told.as_bytes() {
            let happened = "the program is READY at another address than it was told";
            return Err(Failure::new(Saw::Wrong, happened).comparing(told.as_bytes(), &said));
        }
        Ok(Self {
            program,
            addr: addr.clone(),
        })
    }

    /// The address it serves.
    pub fn addr(&self) -> &UnixAddr {
        &self.addr
    }

    /// A client that has connected to it.
    pub fn connect(&self) -> Outcome<Peer> {
        self.connect_to(&self.addr)
    }

    /// A client of the program that has connected at `addr`, whoever listens there.
    pub fn connect_to(&self, addr: &UnixAddr) -> Outcome<Peer> {
        let scene = self.program.scene();
        let name = scene.name("client");
        match connected(addr, Type::STREAM) {
            Ok(stream) => {
                scene.transcript.note(&name, Some(PROGRAM), "connects");
                Ok(Peer::over(stream, name, &self.program))
            }
            Err(error) => {
                let event = format!("cannot connect to {addr}");
                scene.transcript.note(&name, Some(PROGRAM), &event);
                Err(unconnected(&name, addr, &error, &self.program))
            }
        }
    }

    /// Nobody listens at `addr`.
    pub fn expect_nobody_at(&self, addr: &UnixAddr) -> Outcome {
        match self.connect_to(addr) {
            Ok(_) => Err(Failure::new(
                Saw::Wrong,
                format!("a client was accepted at {addr}"),
            )),
            Err(failure) if failure.saw == Saw::Refused => Ok(()),
            Err(failure) => Err(failure),
        }
    }
}

impl std::ops::Deref for UnixServer {
    type Target = Program;

    fn deref(&self) -> &Program {
        &self.program
    }
}

/// A socket of that type that is connected to `addr`; waits while the queue there is full.
pub(crate) fn connected(addr: &UnixAddr, kind: Type) -> io::Result<Socket> {
    let addr = addr.socket_addr()?;
    let stream = Socket::new(Domain::UNIX, kind, None)?;
    // A blocking connect would wait for ever for room in the queue.
    stream.set_nonblocking(true)?;
    let deadline = Instant::now() + PATIENCE;
    loop {
        match stream.connect(&addr) {
            Err(error) if is_timeout(&error) && Instant::now() < deadline => thread::sleep(GLANCE),
            Err(error) if is_timeout(&error) => return Err(io::ErrorKind::TimedOut.into()),
            connected => {
                connected?;
                stream.set_nonblocking(false)?;
                return Ok(stream);
            }
        }
    }
}
