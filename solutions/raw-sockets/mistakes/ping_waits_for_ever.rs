//! Waits for a message without looking at the time.
//!
//! stage: ping
//! fails: ping::silence_comes_to_an_end
//!        ping::a_ping_socket_gives_no_header_and_chooses_the_id
//!        ping::a_raw_socket_gives_the_header_too
//!        ping::over_loopback_its_own_requests_come_too
//!        ping::the_sender_is_told
//! perhaps: ping::hears_who_answers
//! meant: ping::silence_comes_to_an_end
//! says: when its time is over, and not wait on

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use crate::link::{Link, Message};
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

use berkeley::{
    AF_INET, Addr, IPPROTO_ICMP, POLLIN, PollFd, SOCK_DGRAM, SOCK_RAW, Socket, bind, getsockname,
    poll, recvfrom, sendto, socket,
};

use crate::packets;

/// Which of the two it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A ping socket, icmp(7).
    Ping,
    /// A raw socket, raw(7).
    Raw,
}

/// A socket for messages of ICMP to one target.
#[derive(Debug)]
pub struct Wire {
    socket: Socket,
    kind: Kind,
    target: Ipv4Addr,
    id: u16,
    began: Instant,
}

impl Wire {
    /// A ping socket where this process may have one, else a raw one. When it may have neither, the
    /// error says what to do about it.
    pub fn open(target: Ipv4Addr) -> io::Result<Self> {
        let (socket, kind, id) = match socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP) {
            Ok(socket) => {
                // Bound, it has the id that the kernel will write into each request.
                bind(&socket, SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)))?;
                let id = internet(&getsockname(&socket)?).map_or(0, |addr| addr.port());
                (socket, Kind::Ping, id)
            }
            Err(error) => {
                let socket = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)
                    .map_err(|raw| explained(&error, raw))?;
                let id = u16::try_from(std::process::id() & 0xffff).unwrap_or(0);
                (socket, Kind::Raw, id)
            }
        };
        Ok(Self {
            socket,
            kind,
            target,
            id,
            began: Instant::now(),
        })
    }

    /// Which kind of socket it has.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The id that requests over this socket must have.
    pub fn id(&self) -> u16 {
        self.id
    }
}

impl Link for Wire {
    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    fn send(&mut self, message: &[u8]) -> io::Result<()> {
        sendto(&self.socket, message, 0, SocketAddr::from((self.target, 0)))?;
        Ok(())
    }

    fn receive(&mut self, _until: Duration) -> io::Result<Option<Message>> {
        let mut buffer = vec![0; 65536];
        loop {
            let mut fds = [PollFd::new(&self.socket, POLLIN)];
            match poll(&mut fds, None) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                ready => ready?,
            };
            let (length, from) = recvfrom(&self.socket, &mut buffer, 0)?;
            let bytes = &buffer[..length];
            match (self.kind, internet(&from).map(|addr| addr.ip())) {
                (Kind::Ping, Some(IpAddr::V4(from))) => {
                    let bytes = bytes.to_vec();
                    return Ok(Some(Message { from, bytes }));
                }
                (Kind::Raw, _) => {
                    if let Ok(packet) = packets::ipv4(bytes) {
                        return Ok(Some(Message {
                            from: packet.source,
                            bytes: packet.payload.to_vec(),
                        }));
                    }
                }
                _ => {}
            }
        }
    }
}

fn internet(addr: &Addr) -> Option<SocketAddr> {
    match addr {
        Addr::Inet(addr) => Some(*addr),
        _ => None,
    }
}

/// Neither socket could be made: what there is to do about it.
fn explained(ping: &io::Error, raw: io::Error) -> io::Error {
    if raw.kind() != ErrorKind::PermissionDenied {
        return raw;
    }
    let why = format!(
        "no ping socket ({ping}): the sysctl net.ipv4.ping_group_range must hold your group; \
         and no raw socket ({raw}): that takes the capability CAP_NET_RAW"
    );
    io::Error::new(raw.kind(), why)
}
