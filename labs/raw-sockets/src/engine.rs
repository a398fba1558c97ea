//! Stage 3, `engine`: what to send when, which answers count, and when it is over.
//!
//! What is asked: docs/src/labs/raw-sockets.md#engine

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use crate::link::Link;

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

/// Sends the requests of `plan` over `link`, says of each event when it happens, and sums up.
pub fn ping(
    link: &mut impl Link,
    plan: &Plan,
    tell: &mut impl FnMut(&Event) -> io::Result<()>,
) -> io::Result<Summary> {
    let _ = (link, tell);
    todo!(
        "send each request in its time, meanwhile hear what comes and tell what is an answer: {plan:?}"
    )
}
