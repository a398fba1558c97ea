//! `ping` with a thread that sends, one that hears, and one that keeps the books.

use std::io::{self, ErrorKind, Write};
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

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

/// What the book-keeper is told.
enum Note {
    Came(Vec<u8>, Instant),
    Failed(io::Error),
}

/// Probes the echo server at `server`, and writes a line for each probe and a summary to `out`.
pub fn run(server: SocketAddr, plan: &Plan, out: &mut dyn Write) -> Result<(), Failure> {
    let any = if server.is_ipv4() {
        "0.0.0.0:0"
    } else {
        "[::]:0"
    };
    let socket = UdpSocket::bind(any)?;
    socket.connect(server)?;
    let token = format!("{:016x}", random::number()).split_off(8);
    let over = AtomicBool::new(false);
    let (notes, inbox) = mpsc::channel();
    // The book-keeper must know of a probe before its reply can come.
    let began = Instant::now();
    let mut open: Vec<Option<Instant>> = Vec::new();
    let mut times: Vec<Duration> = Vec::new();

    thread::scope(|scope| {
        let hearing = notes.clone();
        let (heard_on, done) = (&socket, &over);
        scope.spawn(move || hear(heard_on, &hearing, done));
        let result = (|| loop {
            let sent = u32::try_from(open.len()).unwrap_or(u32::MAX);
            let next = began + plan.interval * sent;
            if sent < plan.count && Instant::now() >= next {
                open.push(Some(Instant::now()));
                socket.send(format!("PING {} {token}", sent + 1).as_bytes())?;
                continue;
            }
            let mut until = (sent < plan.count).then_some(next);
            for (index, slot) in open.iter_mut().enumerate() {
                let Some(start) = *slot else { continue };
                let end = start + plan.wait;
                if Instant::now() >= end {
                    writeln!(out, "seq={} lost", index + 1)?;
                    *slot = None;
                } else if until.is_none_or(|until| end < until) {
                    until = Some(end);
                }
            }
            let Some(until) = until else {
                if sent < plan.count {
                    continue;
                }
                return Ok(());
            };
            let left = until.saturating_duration_since(Instant::now());
            match inbox.recv_timeout(left) {
                Ok(Note::Failed(error)) => return Err(error),
                Ok(Note::Came(reply, at)) => {
                    let text = |index| format!("PING {} {token}", index + 1).into_bytes();
                    let found = (0..open.len()).find(|&index| text(index) == reply);
                    if let Some(index) = found
                        && let Some(start) = open[index].take()
                    {
                        let time = at.saturating_duration_since(start);
                        if time >= plan.wait {
                            open[index] = Some(start);
                            continue;
                        }
                        times.push(time);
                        writeln!(out, "seq={} time={:.3} ms", index + 1, ms(time))?;
                    }
                }
                Err(_) => {}
            }
        })();
        over.store(true, Ordering::SeqCst);
        result
    })
    .map_err(|error: io::Error| match error.kind() {
        ErrorKind::ConnectionRefused => Failure::No(format!("{server} refuses")),
        _ => error.into(),
    })?;

    let (sent, received) = (plan.count as usize, times.len());
    let mut summary = format!("sent={sent} received={received} lost={}", sent - received);
    if let (Some(min), Some(max)) = (times.iter().min(), times.iter().max()) {
        let total: Duration = times.iter().sum();
        let avg = ms(total) / f64::from(u32::try_from(received).unwrap_or(u32::MAX));
        summary += &format!(" min={:.3} avg={avg:.3} max={:.3} ms", ms(*min), ms(*max));
    }
    writeln!(out, "{summary}")?;
    if received == 0 {
        return Err(Failure::Deadline(format!("{server} is silent")));
    }
    Ok(())
}

/// Passes on what comes, until it is over.
fn hear(socket: &UdpSocket, notes: &Sender<Note>, over: &AtomicBool) {
    let mut buffer = vec![0; 65_536];
    if socket
        .set_read_timeout(Some(Duration::from_millis(10)))
        .is_err()
    {
        return;
    }
    while !over.load(Ordering::SeqCst) {
        let note = match socket.recv(&mut buffer) {
            Ok(length) => Note::Came(buffer[..length].to_vec(), Instant::now()),
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => Note::Failed(error),
            Err(_) => continue,
        };
        if notes.send(note).is_err() {
            return;
        }
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
