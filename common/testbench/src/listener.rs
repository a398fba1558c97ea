//! The check as a TCP server: the program is the client.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use crate::failure::{Failure, Outcome};
use crate::peer::{Peer, Wish};
use crate::program::{GLANCE, Program};
use crate::scene::PATIENCE;

/// How many connections wait for accept.
const BACKLOG: i32 = 128;

/// A listening peer, on an address of the check's own.
#[derive(Debug)]
pub struct Listener {
    listener: TcpListener,
    addr: SocketAddr,
}

impl Listener {
    /// One on `ip`, on a port of the kernel's choice.
    pub(crate) fn new(ip: IpAddr, wish: &Wish) -> Outcome<Self> {
        Self::made(ip, wish).map_err(|error| Failure::grader("listen", error))
    }

    /// As [`Self::new`], on an address that the machine may lack.
    pub(crate) fn at(ip: IpAddr, wish: &Wish) -> Outcome<Self> {
        Self::made(ip, wish).map_err(|error| match error.kind() {
            ErrorKind::AddrNotAvailable | ErrorKind::Unsupported => {
                Failure::lack(format!("this machine does not have the address {ip}"))
            }
            _ => Failure::grader("listen", error),
        })
    }

    fn made(ip: IpAddr, wish: &Wish) -> io::Result<Self> {
        let any_port = SocketAddr::new(ip, 0);
        let socket = Socket::new(Domain::for_address(any_port), Type::STREAM, None)?;
        // Accepted connections have the buffer of their listener.
        wish.grant(&socket)?;
        socket.bind(&any_port.into())?;
        socket.listen(BACKLOG)?;
        Self::over(socket)
    }

    /// The peer whose socket listens already.
    pub(crate) fn over(socket: Socket) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        let listener = TcpListener::from(socket);
        Ok(Self {
            addr: listener.local_addr()?,
            listener,
        })
    }

    /// Where the program is to connect to.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Waits until `program` has connected, or has ended without.
    pub fn accept(&self, program: &Program) -> Outcome<Peer> {
        let came = self.accept_within(program, PATIENCE)?;
        came.ok_or_else(|| program.absence("the server", "the program to connect", PATIENCE))
    }

    /// As [`Self::accept`], for a client that need not come: nothing when it does not come in that
    /// time, or has ended.
    pub fn accept_within(&self, program: &Program, time: Duration) -> Outcome<Option<Peer>> {
        let deadline = Instant::now() + time;
        loop {
            // Looked at first: a program that ends may have connected just before.
            let over = program.try_wait().is_some() || Instant::now() > deadline;
            match self.listener.accept() {
                Ok((stream, from)) => return Peer::accepted(stream, from, program).map(Some),
                Err(error) if error.kind() == ErrorKind::WouldBlock && over => return Ok(None),
                Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(GLANCE),
                Err(error) => return Err(Failure::grader("accept the program", error)),
            }
        }
    }
}

/// How many ports are tried for one that both protocols have free.
const PORTS_TRIED: u32 = 100;

/// A socket for datagrams and a listener, on one port of `ip`.
pub(crate) fn of_both(ip: IpAddr) -> io::Result<(UdpSocket, Listener)> {
    let mut taken = ErrorKind::AddrInUse.into();
    for _ in 0..PORTS_TRIED {
        let datagrams = UdpSocket::bind((ip, 0))?;
        match beside(&datagrams) {
            Ok(listener) => return Ok((datagrams, listener)),
            // Somebody else's, if only a connection's that waits out its TIME_WAIT.
            Err(error) if error.kind() == ErrorKind::AddrInUse => taken = error,
            Err(error) => return Err(error),
        }
    }
    Err(taken)
}

/// A listener on the port that `datagrams` has for datagrams.
fn beside(datagrams: &UdpSocket) -> io::Result<Listener> {
    let addr = datagrams.local_addr()?;
    let listener = TcpListener::bind(addr)?;
    listener.set_nonblocking(true)?;
    Ok(Listener { listener, addr })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Saw;
    use std::net::Ipv4Addr;

    #[test]
    fn an_address_that_the_machine_lacks_is_a_lack_and_not_a_fault() {
        // 192.0.2.0/24 is for documentation (RFC 5737): nobody has it.
        let nowhere = IpAddr::from([192, 0, 2, 1]);
        let failure = Listener::at(nowhere, &Wish::default()).expect_err("no such address");
        assert_eq!(failure.saw, Saw::Lack);
    }

    #[test]
    fn one_port_is_listened_on_for_both_protocols() {
        let (datagrams, listener) = of_both(Ipv4Addr::LOCALHOST.into()).expect("a port");
        let addr = datagrams.local_addr().expect("an address");
        assert_eq!(listener.addr(), addr);
        std::net::TcpStream::connect(addr).expect("a connection");
    }
}
