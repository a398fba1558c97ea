//! Waits by a timeout of the socket instead of poll, over the socket types of std.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use berkeley::{AF_INET, IPPROTO_ICMP, SOCK_DGRAM, SOCK_RAW, bind, socket};

use crate::link::{Link, Message};
use crate::packets;

/// Which of the two it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A ping socket.
    Ping,
    /// A raw socket.
    Raw,
}

/// std has no type for either socket; that of UDP has the calls that both need.
#[derive(Debug)]
pub struct Wire {
    socket: UdpSocket,
    kind: Kind,
    target: Ipv4Addr,
    id: u16,
    began: Instant,
}

impl Wire {
    /// A ping socket, else a raw one, else a reason.
    pub fn open(target: Ipv4Addr) -> io::Result<Self> {
        let anywhere = SocketAddr::from(([0, 0, 0, 0], 0));
        let mut reasons = Vec::new();
        for kind in [Kind::Ping, Kind::Raw] {
            let of_type = if kind == Kind::Ping {
                SOCK_DGRAM
            } else {
                SOCK_RAW
            };
            match socket(AF_INET, of_type, IPPROTO_ICMP) {
                Ok(fd) => {
                    if kind == Kind::Ping {
                        bind(&fd, anywhere)?;
                    }
                    let socket = UdpSocket::from(fd);
                    let id = match kind {
                        Kind::Ping => socket.local_addr()?.port(),
                        Kind::Raw => std::process::id().to_be_bytes()[2..]
                            .iter()
                            .fold(0, |id, byte| id << 8 | u16::from(*byte)),
                    };
                    let began = Instant::now();
                    return Ok(Self {
                        socket,
                        kind,
                        target,
                        id,
                        began,
                    });
                }
                Err(error) => reasons.push(error.to_string()),
            }
        }
        Err(io::Error::other(format!(
            "ping sockets are for the groups in the sysctl ping_group_range ({}), raw sockets for \
             those with CAP_NET_RAW ({})",
            reasons[0], reasons[1]
        )))
    }

    /// Which kind of socket it has.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The id of its requests.
    pub fn id(&self) -> u16 {
        self.id
    }
}

impl Link for Wire {
    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    fn send(&mut self, message: &[u8]) -> io::Result<()> {
        self.socket.send_to(message, (self.target, 0)).map(drop)
    }

    fn receive(&mut self, until: Duration) -> io::Result<Option<Message>> {
        let mut buffer = vec![0; 65536];
        loop {
            // Zero would be for ever, and what has come already is to be had in any case.
            let left = until
                .saturating_sub(self.now())
                .max(Duration::from_micros(1));
            self.socket.set_read_timeout(Some(left))?;
            match self.socket.recv_from(&mut buffer) {
                Ok((length, SocketAddr::V4(from))) if self.kind == Kind::Ping => {
                    return Ok(Some(Message {
                        from: *from.ip(),
                        bytes: buffer[..length].to_vec(),
                    }));
                }
                Ok((length, _)) => {
                    let Ok(packet) = packets::ipv4(&buffer[..length]) else {
                        continue;
                    };
                    return Ok(Some(Message {
                        from: packet.source,
                        bytes: packet.payload.to_vec(),
                    }));
                }
                Err(error) => match error.kind() {
                    ErrorKind::WouldBlock if self.now() >= until => return Ok(None),
                    ErrorKind::WouldBlock | ErrorKind::Interrupted => {}
                    _ => return Err(error),
                },
            }
        }
    }
}
