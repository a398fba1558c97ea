//! The check as a server of sequenced packets: the program is the client.

use std::io::{self, ErrorKind};
use std::thread;
use std::time::Instant;

use socket2::{Domain, Socket, Type};

use crate::bench::Bench;
use crate::failure::{Failure, Outcome};
use crate::packet_peer::PacketPeer;
use crate::program::{GLANCE, Program};
use crate::scene::PATIENCE;
use crate::transcript::PROGRAM;
use crate::unix_address::UnixAddr;

/// A listening peer.
#[derive(Debug)]
pub struct PacketListener {
    listener: Socket,
    addr: UnixAddr,
}

impl Bench {
    /// A server of sequenced packets at `addr` for the program to connect to.
    pub fn listen_packets(&self, addr: &UnixAddr) -> Outcome<PacketListener> {
        self.need_packets()?;
        let made = || -> io::Result<Socket> {
            let listener = Socket::new(Domain::UNIX, Type::SEQPACKET, None)?;
            listener.set_nonblocking(true)?;
            listener.bind(&addr.socket_addr()?)?;
            listener.listen(128)?;
            Ok(listener)
        };
        Ok(PacketListener {
            listener: made().map_err(|error| Failure::grader("listen", error))?,
            addr: addr.clone(),
        })
    }
}

impl PacketListener {
    /// Where the program is to connect to.
    pub fn addr(&self) -> &UnixAddr {
        &self.addr
    }

    /// Waits until `program` has connected, or has ended without. The peer only receives.
    pub fn accept(&self, program: &Program) -> Outcome<PacketPeer> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            // Looked at first: a program that ends may have connected just before.
            let over = program.try_wait().is_some() || Instant::now() > deadline;
            match self.listener.accept() {
                Ok((socket, _)) => return accepted(socket, program),
                Err(error) if error.kind() == ErrorKind::WouldBlock && over => {
                    return Err(program.absence("the server", "the program to connect", PATIENCE));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(GLANCE),
                Err(error) => return Err(Failure::grader("accept the program", error)),
            }
        }
    }
}

fn accepted(socket: Socket, program: &Program) -> Outcome<PacketPeer> {
    let scene = program.scene();
    let name = scene.name("server");
    scene.transcript.note(PROGRAM, Some(&name), "connects");
    socket
        .set_nonblocking(false)
        .map_err(|error| Failure::grader("prepare a socket", error))?;
    PacketPeer::receiver_over(socket, name, program)
}
