//! Takes whatever comes for the reply to the probe it has just sent.
//!
//! stage: ping
//! fails: ping::a_lost_reply_is_told
//!        ping::a_duplicate_counts_once
//!        ping::replies_may_come_in_another_order
//!        ping::a_late_reply_counts_for_nobody
//!        ping::junk_is_no_reply
//! meant: ping::a_late_reply_counts_for_nobody
//! says: A reply that comes late is still the reply to its own probe

use std::io::{self, Write};
use std::net::{SocketAddr, UdpSocket};
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

/// Probes the echo server at `server`, and writes a line for each probe and a summary to `out`.
pub fn run(server: SocketAddr, plan: &Plan, out: &mut dyn Write) -> Result<(), Failure> {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    socket.connect(server)?;
    let token = format!("{:08x}", random::number() >> 32);
    let mut times = Vec::new();
    for number in 1..=plan.count {
        let probe = format!("PING {number} {token}");
        let sent = Instant::now();
        socket.send(probe.as_bytes())?;
        socket.set_read_timeout(Some(plan.wait))?;
        match socket.recv(&mut [0; 100]) {
            Ok(_) => {
                let time = sent.elapsed();
                times.push(time);
                writeln!(out, "seq={number} time={:.3} ms", ms(time))?;
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                writeln!(out, "seq={number} lost")?;
            }
            Err(error) => return Err(error.into()),
        }
        pause(plan, sent);
    }
    summarize(plan.count as usize, &times, out)?;
    if times.is_empty() {
        return Err(Failure::Deadline(format!("{server} has not replied")));
    }
    Ok(())
}

/// What is left of `plan`'s interval.
fn pause(plan: &Plan, sent: Instant) {
    thread::sleep(plan.interval.saturating_sub(sent.elapsed()));
}

fn summarize(sent: usize, times: &[Duration], out: &mut dyn Write) -> io::Result<()> {
    let received = times.len();
    write!(
        out,
        "sent={sent} received={received} lost={}",
        sent - received
    )?;
    if let (Some(min), Some(max)) = (times.iter().min(), times.iter().max()) {
        let avg = times.iter().map(|&time| ms(time)).sum::<f64>() / received as f64;
        write!(
            out,
            " min={:.3} avg={avg:.3} max={:.3} ms",
            ms(*min),
            ms(*max)
        )?;
    }
    writeln!(out)
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
