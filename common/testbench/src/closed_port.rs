//! An address where nobody listens.

use std::net::{IpAddr, SocketAddr, UdpSocket};

use socket2::{Domain, Socket, Type};

use crate::failure::{Failure, Outcome};

/// A port that is taken and does not listen: who connects is refused. As long as this lives
/// nobody else can have it, and no connection can come from it by chance.
#[derive(Debug)]
pub struct ClosedPort {
    addr: SocketAddr,
    _holder: Socket,
}

impl ClosedPort {
    /// One on `ip`, on a port of the kernel's choice.
    pub(crate) fn new(ip: IpAddr) -> Outcome<Self> {
        let made = || -> std::io::Result<Self> {
            let addr = SocketAddr::new(ip, 0);
            let holder = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
            holder.bind(&addr.into())?;
            let addr = holder
                .local_addr()?
                .as_socket()
                .ok_or(std::io::ErrorKind::AddrNotAvailable)?;
            Ok(Self {
                addr,
                _holder: holder,
            })
        };
        made().map_err(|error| Failure::grader("hold a port", error))
    }

    /// The same for datagrams: it hears nobody but itself, so that what others send is refused
    /// (RFC 792, port unreachable).
    pub(crate) fn for_datagrams(ip: IpAddr) -> Outcome<Self> {
        let made = || -> std::io::Result<Self> {
            let holder = UdpSocket::bind((ip, 0))?;
            let addr = holder.local_addr()?;
            holder.connect(addr)?;
            Ok(Self {
                addr,
                _holder: holder.into(),
            })
        };
        made().map_err(|error| Failure::grader("hold a port", error))
    }

    /// Where connections are refused.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, TcpStream};

    #[test]
    fn a_connection_is_refused() {
        let port = ClosedPort::new(Ipv4Addr::LOCALHOST.into()).expect("a port");
        let error = TcpStream::connect(port.addr()).expect_err("no connection");
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
    }
}
