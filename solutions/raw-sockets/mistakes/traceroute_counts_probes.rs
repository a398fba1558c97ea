//! Gives each probe a longer way than the one before, not each hop.
//!
//! stage: traceroute
//! fails: traceroute::tells_each_hop_and_the_end
//!        traceroute::two_routers_share_a_distance
//!        traceroute::a_refusal_on_the_way_ends_it
//! meant: traceroute::tells_each_hop_and_the_end
//! says: have its number as their time to live

use std::io;
use std::io::ErrorKind;
use std::net::Ipv4Addr;
use std::net::UdpSocket;
use std::time::Duration;
use std::time::Instant;

use berkeley::{AF_INET, IPPROTO_ICMP, POLLIN, PollFd, SOCK_RAW, Socket, poll, recv, socket};

use crate::packets::{self, Icmp, Quoted};

/// Whom to look for, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Where the way leads to.
    pub target: Ipv4Addr,
    /// The port of the first probe; each other one has the next.
    pub first_port: u16,
    /// How many hops at most.
    pub hops: u8,
    /// How many probes for each hop.
    pub tries: u8,
    /// How long to wait for an answer to each.
    pub wait: Duration,
}

/// What came upon a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Nothing, in its time.
    Silence,
    /// This router had it when its time to live was over.
    Router(Ipv4Addr),
    /// It came to a host, where nobody has the port.
    Arrived(Ipv4Addr),
    /// Somebody could not deliver it, for the reason of that code.
    Unreachable(Ipv4Addr, u8),
}

/// Sends probes with a rising time to live, says for each hop what came upon its probes, and at last
/// whether the target was reached.
pub fn trace(
    plan: &Plan,
    tell: &mut impl FnMut(u8, &[Answer]) -> io::Result<()>,
) -> io::Result<bool> {
    let mut prober = Prober::open(plan)?;
    for hop in 1..=plan.hops {
        let answers: Vec<Answer> = (0..plan.tries)
            .map(|_| prober.probe())
            .collect::<io::Result<_>>()?;
        tell(hop, &answers)?;
        let any = |test: fn(&Answer) -> bool| answers.iter().any(test);
        if any(|answer| matches!(answer, Answer::Arrived(_))) {
            return Ok(true);
        }
        if any(|answer| matches!(answer, Answer::Unreachable(..))) {
            return Ok(false);
        }
    }
    Ok(false)
}

/// Two sockets: datagrams go out over one, and what routers say of them comes in over the other.
#[derive(Debug)]
struct Prober<'a> {
    plan: &'a Plan,
    datagrams: UdpSocket,
    messages: Socket,
    /// Probes are known by this port, which is ours alone, and by the port that each goes to.
    own_port: u16,
    next_port: u16,
}

impl<'a> Prober<'a> {
    fn open(plan: &'a Plan) -> io::Result<Self> {
        let messages = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP).map_err(explained)?;
        // Not connected: then errors would come to this socket, and end its calls.
        let datagrams = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
        Ok(Self {
            plan,
            own_port: datagrams.local_addr()?.port(),
            datagrams,
            messages,
            next_port: plan.first_port,
        })
    }

    /// Sends a probe and waits for its answer.
    fn probe(&mut self) -> io::Result<Answer> {
        let port = self.next_port;
        self.next_port = port.wrapping_add(1);
        self.datagrams
            .set_ttl(u32::from(port - self.plan.first_port) + 1)?;
        self.datagrams.send_to(&[0; 32], (self.plan.target, port))?;
        let deadline = Instant::now() + self.plan.wait;
        let mut buffer = vec![0; 65536];
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let mut fds = [PollFd::new(&self.messages, POLLIN)];
            match poll(&mut fds, Some(left)) {
                Ok(0) if left.is_zero() => return Ok(Answer::Silence),
                Ok(0) => continue,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                ready => ready?,
            };
            let length = recv(&self.messages, &mut buffer, 0)?;
            if let Some(answer) = self.answer(&buffer[..length], port) {
                return Ok(answer);
            }
        }
    }

    /// What a packet says of the probe to `port`; mostly nothing, for a raw socket hears everybody's.
    fn answer(&self, bytes: &[u8], port: u16) -> Option<Answer> {
        let packet = packets::ipv4(bytes).ok()?;
        let from = packet.source;
        match packets::icmp(packet.payload).ok()? {
            Icmp::TimeExceeded { code: 0, quoted } if self.is_about(&quoted, port) => {
                Some(Answer::Router(from))
            }
            Icmp::Unreachable { code: 3, quoted } if self.is_about(&quoted, port) => {
                Some(Answer::Arrived(from))
            }
            Icmp::Unreachable { code, quoted } if self.is_about(&quoted, port) => {
                Some(Answer::Unreachable(from, code))
            }
            _ => None,
        }
    }

    fn is_about(&self, quoted: &Quoted, port: u16) -> bool {
        // The ports are the first four bytes of UDP.
        let ports = [self.own_port.to_be_bytes(), port.to_be_bytes()].concat();
        quoted.destination == self.plan.target
            && quoted.protocol == 17
            && quoted.head.starts_with(&ports)
    }
}

fn explained(error: io::Error) -> io::Error {
    if error.kind() != ErrorKind::PermissionDenied {
        return error;
    }
    let why =
        format!("no raw socket to hear ICMP with ({error}): that takes the capability CAP_NET_RAW");
    io::Error::new(error.kind(), why)
}
