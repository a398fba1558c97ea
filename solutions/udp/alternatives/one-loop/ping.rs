//! `ping` around a map from the bytes of a probe to its number and its time.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use berkeley::{
    Addr, MSG_DONTWAIT, POLLIN, PollFd, SOCK_DGRAM, Socket, connect, poll, recv, send, socket,
};

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
pub fn run(server: SocketAddr, plan: &Plan, out: &mut dyn Write) -> Result<(), Failure> {
    explained(server, probe(server, plan, out))?
        .then_some(())
        .ok_or_else(|| Failure::Deadline(format!("no reply from {server} in time")))
}

fn explained<T>(server: SocketAddr, result: io::Result<T>) -> Result<T, Failure> {
    result.map_err(|error| match error.kind() {
        ErrorKind::ConnectionRefused => Failure::No(format!("{server} is closed")),
        _ => Failure::from(error),
    })
}

/// Whether there was a reply.
fn probe(server: SocketAddr, plan: &Plan, out: &mut dyn Write) -> io::Result<bool> {
    let socket = socket(Addr::from(server).family(), SOCK_DGRAM, 0)?;
    connect(&socket, server)?;
    let token = u32::try_from(random::number() & 0xffff_ffff).unwrap_or_default();
    let mut outstanding: HashMap<Vec<u8>, (u32, Instant)> = HashMap::new();
    let mut times: Vec<f64> = Vec::new();
    let mut number = 0;
    let mut due = Instant::now();
    while number < plan.count || !outstanding.is_empty() {
        let now = Instant::now();
        if number < plan.count && due <= now {
            number += 1;
            due += plan.interval;
            let text = format!("PING {number} {token:08x}").into_bytes();
            outstanding.insert(text.clone(), (number, Instant::now()));
            send(&socket, &text, 0)?;
            continue;
        }
        while let Some(reply) = next(&socket)? {
            let Some((number, sent)) = outstanding.remove(&reply) else {
                continue;
            };
            if sent.elapsed() >= plan.wait {
                outstanding.insert(reply, (number, sent));
                continue;
            }
            times.push(sent.elapsed().as_secs_f64() * 1e3);
            writeln!(out, "seq={number} time={:.3} ms", times[times.len() - 1])?;
        }
        let mut lost: Vec<u32> = Vec::new();
        outstanding.retain(|_, (number, sent)| {
            let waits = sent.elapsed() < plan.wait;
            if !waits {
                lost.push(*number);
            }
            waits
        });
        lost.sort_unstable();
        for number in lost {
            writeln!(out, "seq={number} lost")?;
        }
        let ends = outstanding.values().map(|(_, sent)| *sent + plan.wait);
        let next = ends.chain((number < plan.count).then_some(due)).min();
        if let Some(next) = next {
            let left = next.saturating_duration_since(Instant::now());
            poll(&mut [PollFd::new(&socket, POLLIN)], Some(left))?;
        }
    }
    let count = times.len();
    let lost = plan.count as usize - count;
    write!(out, "sent={} received={count} lost={lost}", plan.count)?;
    times.sort_by(f64::total_cmp);
    if let (Some(min), Some(max)) = (times.first(), times.last()) {
        let total: f64 = times.iter().sum();
        let avg = total / f64::from(plan.count - u32::try_from(lost).unwrap_or(0));
        write!(out, " min={min:.3} avg={avg:.3} max={max:.3} ms")?;
    }
    writeln!(out)?;
    Ok(count > 0)
}

/// What is there, without waiting.
fn next(socket: &Socket) -> io::Result<Option<Vec<u8>>> {
    let mut buffer = [0; 2048];
    match recv(socket, &mut buffer, MSG_DONTWAIT) {
        Ok(length) => Ok(Some(buffer[..length].to_vec())),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
        Err(error) => Err(error),
    }
}
