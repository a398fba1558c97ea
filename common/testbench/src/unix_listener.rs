//! The check as a server at a Unix socket: the program is the client.

use std::io::{self, ErrorKind};
use std::thread;
use std::time::Instant;

use socket2::{Domain, Socket, Type};

use crate::bench::Bench;
use crate::failure::{Failure, Outcome};
use crate::peer::Peer;
use crate::program::{GLANCE, Program};
use crate::scene::PATIENCE;
use crate::transcript::PROGRAM;
use crate::unix_address::UnixAddr;

/// A listening peer.
#[derive(Debug)]
pub struct UnixListener {
    listener: Socket,
    addr: UnixAddr,
}

impl Bench {
    /// A server at `addr` for the program to connect to.
    pub fn listen_unix(&self, addr: &UnixAddr) -> Outcome<UnixListener> {
        let made = || -> io::Result<Socket> {
            let listener = Socket::new(Domain::UNIX, Type::STREAM, None)?;
            listener.set_nonblocking(true)?;
            listener.bind(&addr.socket_addr()?)?;
            listener.listen(128)?;
            Ok(listener)
        };
        Ok(UnixListener {
            listener: made().map_err(|error| Failure::grader("listen", error))?,
            addr: addr.clone(),
        })
    }
}

impl UnixListener {
    /// Where the program is to connect to.
    pub fn addr(&self) -> &UnixAddr {
        &self.addr
    }

    /// Waits until `program` has connected, or has ended without.
    pub fn accept(&self, program: &Program) -> Outcome<Peer> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            // Looked at first: a program that ends may have connected just before.
            let over = program.try_wait().is_some() || Instant::now() > deadline;
            match self.listener.accept() {
                Ok((stream, _)) => return accepted(stream, program),
                Err(error) if error.kind() == ErrorKind::WouldBlock && over => {
                    return Err(program.absence("the server", "the program to connect", PATIENCE));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(GLANCE),
                Err(error) => return Err(Failure::grader("accept the program", error)),
            }
        }
    }
}

fn accepted(stream: Socket, program: &Program) -> Outcome<Peer> {
    let scene = program.scene();
    let name = scene.name("server");
    scene.transcript.note(PROGRAM, Some(&name), "connects");
    stream
        .set_nonblocking(false)
        .map_err(|error| Failure::grader("prepare a socket", error))?;
    Ok(Peer::over(stream, name, program))
}
