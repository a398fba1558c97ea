//! Draws another token for each probe.
//!
//! stage: ping
//! fails: ping::each_probe_gets_a_line
//! meant: ping::each_probe_gets_a_line
//! says: Draw one token for the whole run

use std::io::Write;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::net::{Ipv4Addr, Ipv6Addr, UdpSocket};
use std::time::Duration;
use std::time::Instant;

use crate::failure::Failure;
use crate::random;

/// How often to probe, and how long to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// How many probes to send, 1 to 1000.
    pub count: u32,
    /// From the sending of each probe to the sending of the next; may be zero.
    pub interval: Duration,
    /// How long after its sending a probe without a reply is lost; never zero.
    pub wait: Duration,
}

/// Probes the echo server at `server`, and writes a line for each probe and a summary to `out`.
///
/// Succeeds if there was a reply. Otherwise the failure says why not: nobody receives there, or
/// the deadline of every probe has passed.
pub fn run(server: SocketAddr, plan: &Plan, out: &mut dyn Write) -> Result<(), Failure> {
    let socket = connect(server)?;
    let mut probes: Vec<Probe> = Vec::new();
    let began = Instant::now();
    loop {
        let next = began + plan.interval * count(probes.len());
        if count(probes.len()) < plan.count && Instant::now() >= next {
            let token = format!("{:08x}", random::number() >> 32);
            let text = format!("PING {} {token}", probes.len() + 1).into_bytes();
            // Taken before: the reply may be there before send returns.
            let sent = Instant::now();
            socket.send(&text).map_err(|error| unsent(server, error))?;
            let fate = Fate::Unknown;
            probes.push(Probe { text, sent, fate });
            continue;
        }
        let sending = (count(probes.len()) < plan.count).then_some(next);
        let waiting = probes.iter().filter(|probe| probe.fate == Fate::Unknown);
        let losing = waiting.map(|probe| probe.sent + plan.wait).min();
        // The nearest thing to do; with nothing left to do the run is over.
        let Some(until) = sending.into_iter().chain(losing).min() else {
            break;
        };
        match receive(&socket, until).map_err(|error| unsent(server, error))? {
            Some(reply) => settle(&mut probes, &reply, plan.wait, out)?,
            None => lose(&mut probes, plan.wait, out)?,
        }
    }
    summarize(&probes, out)?;
    if probes.iter().all(|probe| probe.fate == Fate::Lost) {
        return Err(Failure::Deadline(format!("{server} has not replied")));
    }
    Ok(())
}

/// The longest datagram over IPv4, in bytes.
const LONGEST: usize = 65_507;

/// A probe that was sent.
struct Probe {
    text: Vec<u8>,
    sent: Instant,
    fate: Fate,
}

#[derive(PartialEq)]
enum Fate {
    Unknown,
    Replied(Duration),
    Lost,
}

/// A socket on a port of the kernel's choice that hears nobody but `server`: the kernel drops
/// what comes from elsewhere, and reports when nobody receives there (udp(7)).
fn connect(server: SocketAddr) -> io::Result<UdpSocket> {
    let socket = match server {
        SocketAddr::V4(_) => UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?,
        SocketAddr::V6(_) => UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0))?,
    };
    socket.connect(server)?;
    Ok(socket)
}

/// The next datagram, if one comes by `deadline`.
fn receive(socket: &UdpSocket, deadline: Instant) -> io::Result<Option<Vec<u8>>> {
    let mut buffer = vec![0; LONGEST];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            // Zero cannot be asked for: it would mean to wait for ever (socket(7)).
            return Ok(None);
        }
        socket.set_read_timeout(Some(left))?;
        match socket.recv(&mut buffer) {
            Ok(length) => {
                buffer.truncate(length);
                return Ok(Some(buffer));
            }
            // On Unix an expired timeout is WouldBlock, elsewhere TimedOut.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
                ) => {}
            Err(error) => return Err(error),
        }
    }
}

/// What an error of the socket means. A refusal is about a datagram that was sent earlier.
fn unsent(server: SocketAddr, error: io::Error) -> Failure {
    match error.kind() {
        ErrorKind::ConnectionRefused => Failure::No(format!("nobody receives at {server}")),
        _ => error.into(),
    }
}

/// Finds the probe that this is the reply to, if there is one that waits for it.
fn settle(
    probes: &mut [Probe],
    reply: &[u8],
    wait: Duration,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (number, probe) in (1..).zip(probes) {
        let time = probe.sent.elapsed();
        if probe.fate == Fate::Unknown && probe.text == reply && time < wait {
            writeln!(out, "seq={number} time={:.3} ms", ms(time))?;
            probe.fate = Fate::Replied(time);
        }
    }
    Ok(())
}

/// Gives up the probes that have waited long enough.
fn lose(probes: &mut [Probe], wait: Duration, out: &mut dyn Write) -> io::Result<()> {
    for (number, probe) in (1..).zip(probes) {
        if probe.fate == Fate::Unknown && probe.sent.elapsed() >= wait {
            writeln!(out, "seq={number} lost")?;
            probe.fate = Fate::Lost;
        }
    }
    Ok(())
}

fn summarize(probes: &[Probe], out: &mut dyn Write) -> io::Result<()> {
    let times: Vec<Duration> = probes
        .iter()
        .filter_map(|probe| match probe.fate {
            Fate::Replied(time) => Some(time),
            _ => None,
        })
        .collect();
    let (sent, received) = (probes.len(), times.len());
    write!(
        out,
        "sent={sent} received={received} lost={}",
        sent - received
    )?;
    if let (Some(min), Some(max)) = (times.iter().min(), times.iter().max()) {
        let avg = times.iter().sum::<Duration>() / count(received);
        write!(
            out,
            " min={:.3} avg={:.3} max={:.3} ms",
            ms(*min),
            ms(avg),
            ms(*max)
        )?;
    }
    writeln!(out)
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// There are at most 1000 probes.
fn count(probes: usize) -> u32 {
    u32::try_from(probes).unwrap_or(u32::MAX)
}
