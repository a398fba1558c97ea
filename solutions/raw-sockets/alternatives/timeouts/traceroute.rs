//! A socket for each probe, whose own port is what tells it from the others; a thread listens.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, UdpSocket};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use berkeley::{AF_INET, IPPROTO_ICMP, SOCK_RAW, recv, socket};

use crate::packets::{Icmp, icmp, ipv4};

/// Whom to look for, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub target: Ipv4Addr,
    pub first_port: u16,
    pub hops: u8,
    pub tries: u8,
    pub wait: Duration,
}

/// What came upon a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Silence,
    Router(Ipv4Addr),
    Arrived(Ipv4Addr),
    Unreachable(Ipv4Addr, u8),
}

/// What a probe is known by: its target and its two ports.
type Key = (Ipv4Addr, [u8; 4]);

/// Sends probes with a rising time to live; whether the target was reached.
pub fn trace(
    plan: &Plan,
    tell: &mut impl FnMut(u8, &[Answer]) -> io::Result<()>,
) -> io::Result<bool> {
    let heard = listen()?;
    let mut ports = plan.first_port..=u16::MAX;
    for hop in 1..=plan.hops {
        let mut line = Vec::new();
        for _ in 0..plan.tries {
            line.push(probe(plan, hop, ports.next().unwrap_or(u16::MAX), &heard)?);
        }
        tell(hop, &line)?;
        let reached = line
            .iter()
            .any(|answer| matches!(answer, Answer::Arrived(_)));
        let refused = line
            .iter()
            .any(|answer| matches!(answer, Answer::Unreachable(..)));
        if reached || refused {
            return Ok(reached);
        }
    }
    Ok(false)
}

fn probe(plan: &Plan, hop: u8, port: u16, heard: &Receiver<(Key, Answer)>) -> io::Result<Answer> {
    let udp = UdpSocket::bind("0.0.0.0:0")?;
    udp.set_ttl(hop.into())?;
    let ([a, b], [c, d]) = (udp.local_addr()?.port().to_be_bytes(), port.to_be_bytes());
    let key = (plan.target, [a, b, c, d]);
    udp.send_to(b"who carries this?", (plan.target, port))?;
    let deadline = Instant::now() + plan.wait;
    loop {
        match heard.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok((about, answer)) if about == key => return Ok(answer),
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => return Ok(Answer::Silence),
            Err(RecvTimeoutError::Disconnected) => {
                return Err(io::Error::other("ICMP cannot be heard any more"));
            }
        }
    }
}

/// A thread that gives on what it hears of datagrams; it ends with the program.
fn listen() -> io::Result<Receiver<(Key, Answer)>> {
    let raw = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP).map_err(|error| {
        let why = format!("ICMP is heard by a raw socket, which takes CAP_NET_RAW ({error})");
        io::Error::new(error.kind(), why)
    })?;
    let (told, heard) = mpsc::channel();
    thread::spawn(move || {
        let mut buffer = vec![0; 65536];
        loop {
            match recv(&raw, &mut buffer, 0) {
                Ok(length) => {
                    if let Some(news) = read(&buffer[..length])
                        && told.send(news).is_err()
                    {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
    });
    Ok(heard)
}

fn read(bytes: &[u8]) -> Option<(Key, Answer)> {
    let packet = ipv4(bytes).ok()?;
    let from = packet.source;
    let (answer, quoted) = match icmp(packet.payload).ok()? {
        Icmp::TimeExceeded { code: 0, quoted } => (Answer::Router(from), quoted),
        Icmp::Unreachable { code: 3, quoted } => (Answer::Arrived(from), quoted),
        Icmp::Unreachable { code, quoted } => (Answer::Unreachable(from, code), quoted),
        _ => return None,
    };
    let ports = quoted.head.first_chunk::<4>()?;
    (quoted.protocol == 17).then_some(((quoted.destination, *ports), answer))
}
