//! What is open and what is answered, each in a map of its own.

use std::collections::BTreeMap;
use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use crate::link::{Link, Message};
use crate::packets::{Echo, Icmp, echo_request, icmp};

/// What to ask, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Who is asked.
    pub target: Ipv4Addr,
    /// The id of all requests.
    pub id: u16,
    /// The data of all requests.
    pub data: Vec<u8>,
    /// How many requests.
    pub count: u16,
    /// The time between the beginnings of two requests.
    pub interval: Duration,
    /// How long each request may be unanswered.
    pub wait: Duration,
}

/// What happened to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It was answered.
    Reply {
        /// Which.
        sequence: u16,
        /// How long that took.
        time: Duration,
    },
    /// It was answered once more.
    Duplicate {
        /// Which.
        sequence: u16,
    },
    /// Somebody on the way says that it was not delivered.
    Failed {
        /// Which.
        sequence: u16,
        /// Who says so.
        from: Ipv4Addr,
        /// Why.
        why: Why,
    },
}

/// Why a request was not delivered; with the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Destination unreachable.
    Unreachable(u8),
    /// Time exceeded.
    TimeExceeded(u8),
}

/// What came of it all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Requests sent.
    pub sent: u16,
    /// Requests answered in time.
    pub received: u16,
    /// Answers to requests that were answered before.
    pub duplicates: u32,
    /// The least, the mean and the most time of an answer, if there was one.
    pub times: Option<[Duration; 3]>,
}

/// What a message says of one of our requests.
enum Word {
    Answer(u16),
    Failure(u16, Why),
}

/// Sends the requests of `plan` over `link`, tells of each event, and sums up.
pub fn ping(
    link: &mut impl Link,
    plan: &Plan,
    tell: &mut impl FnMut(&Event) -> io::Result<()>,
) -> io::Result<Summary> {
    let mut due = link.now();
    let mut sent = 0;
    let mut duplicates = 0;
    // When each open one left; how long each answered one took.
    let mut open: BTreeMap<u16, Duration> = BTreeMap::new();
    let mut took: BTreeMap<u16, Duration> = BTreeMap::new();
    loop {
        let now = link.now();
        open.retain(|_, left| now <= *left + plan.wait);
        if sent < plan.count && due <= now {
            sent += 1;
            let echo = Echo {
                id: plan.id,
                sequence: sent,
                data: &plan.data,
            };
            link.send(&echo_request(&echo))?;
            open.insert(sent, now);
            due += plan.interval;
            continue;
        }
        let last = open.values().max().map(|left| *left + plan.wait);
        let until = match last {
            _ if sent < plan.count => due,
            Some(last) if now < last => last,
            _ => break,
        };
        let Some(message) = link.receive(until)? else {
            continue;
        };
        let now = link.now();
        open.retain(|_, left| now <= *left + plan.wait);
        match read(&message, plan) {
            Some(Word::Answer(sequence)) => {
                if let Some(left) = open.remove(&sequence) {
                    let time = now - left;
                    took.insert(sequence, time);
                    tell(&Event::Reply { sequence, time })?;
                } else if took.contains_key(&sequence) {
                    duplicates += 1;
                    tell(&Event::Duplicate { sequence })?;
                }
            }
            Some(Word::Failure(sequence, why)) if open.remove(&sequence).is_some() => {
                let from = message.from;
                tell(&Event::Failed {
                    sequence,
                    from,
                    why,
                })?;
            }
            _ => {}
        }
    }
    let received = u16::try_from(took.len()).unwrap_or(u16::MAX);
    let times = (received > 0).then(|| {
        let mean = took.values().sum::<Duration>() / u32::from(received);
        let least = took.values().copied().fold(mean, Duration::min);
        let most = took.values().copied().fold(mean, Duration::max);
        [least, mean, most]
    });
    Ok(Summary {
        sent,
        received,
        duplicates,
        times,
    })
}

fn read(message: &Message, plan: &Plan) -> Option<Word> {
    let (quoted, why) = match icmp(&message.bytes).ok()? {
        Icmp::EchoReply(echo) => {
            let ours = (message.from, echo.id, echo.data) == (plan.target, plan.id, &plan.data[..]);
            return ours.then_some(Word::Answer(echo.sequence));
        }
        Icmp::Unreachable { code, quoted } => (quoted, Why::Unreachable(code)),
        Icmp::TimeExceeded { code, quoted } => (quoted, Why::TimeExceeded(code)),
        _ => return None,
    };
    let head: &[u8; 8] = quoted.head.first_chunk()?;
    let word = |at: usize| u16::from_be_bytes([head[at], head[at + 1]]);
    let ours =
        (quoted.destination, quoted.protocol, head[0], word(4)) == (plan.target, 1, 8, plan.id);
    ours.then_some(Word::Failure(word(6), why))
}
