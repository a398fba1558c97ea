//! An address that neither accepts nor refuses.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use crate::failure::{Failure, Outcome};
use crate::listener::Listener;

/// How long a connection to a full backlog is tried before it counts as hanging.
const HANGS: Duration = Duration::from_millis(200);

/// A listener with a full backlog: who connects hears nothing, as behind a firewall that drops
/// (listen(2): the kernel ignores the SYN, so that the client tries again). It hangs as long as this lives.
#[derive(Debug)]
pub struct BlackHole {
    addr: SocketAddr,
    listener: Socket,
    fillers: Vec<TcpStream>,
}

impl BlackHole {
    /// One on `ip`, on a port of the kernel's choice.
    pub fn new(ip: IpAddr) -> Outcome<Self> {
        let made = || -> std::io::Result<Self> {
            let listener = Socket::new(
                Domain::for_address(SocketAddr::new(ip, 0)),
                Type::STREAM,
                None,
            )?;
            listener.bind(&SocketAddr::new(ip, 0).into())?;
            listener.listen(1)?;
            let addr = listener
                .local_addr()?
                .as_socket()
                .ok_or(ErrorKind::AddrNotAvailable)?;
            let mut fillers = Vec::new();
            loop {
                match TcpStream::connect_timeout(&addr, HANGS) {
                    Ok(filler) if fillers.len() < 16 => fillers.push(filler),
                    Ok(_) => return Err(std::io::Error::other("the backlog never fills")),
                    Err(error) if error.kind() == ErrorKind::TimedOut => break,
                    Err(error) => return Err(error),
                }
            }
            Ok(Self {
                addr,
                listener,
                fillers,
            })
        };
        made().map_err(|error| Failure::grader("make a black hole", error))
    }

    /// Where connections hang.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Ends the silence: there is room again, and who still tries is connected as soon as its
    /// kernel tries the next time (after a second, then more seldom).
    pub fn relent(self) -> Outcome<Listener> {
        let Self {
            listener, fillers, ..
        } = self;
        let freed = fillers.iter().try_for_each(|_| listener.accept().map(drop));
        freed
            .and_then(|()| Listener::over(listener))
            .map_err(|error| Failure::grader("make room in a black hole", error))
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::facts::Facts;
    use std::net::Ipv4Addr;
    use std::time::Instant;

    #[test]
    fn a_connection_hangs() {
        let hole = BlackHole::new(Ipv4Addr::LOCALHOST.into()).expect("a black hole");
        let error = TcpStream::connect_timeout(&hole.addr(), HANGS).expect_err("no connection");
        assert_eq!(error.kind(), ErrorKind::TimedOut);
    }

    #[test]
    fn a_connection_that_hangs_is_made_when_the_hole_relents() {
        let hole = BlackHole::new(Ipv4Addr::LOCALHOST.into()).expect("a black hole");
        let addr = hole.addr();
        let client = std::thread::spawn(move || TcpStream::connect(addr));
        let facts = Facts::of(rustix::process::getpid());
        let deadline = Instant::now() + Duration::from_secs(10);
        while facts.connecting_to(addr) == 0 {
            assert!(Instant::now() < deadline, "it never began to connect");
        }
        let listener = hole.relent().expect("room");
        assert_eq!(listener.addr(), addr);
        client.join().expect("no panic").expect("a connection");
    }
}
