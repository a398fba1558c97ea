//! Waits when every request is answered, too.
//!
//! stage: engine
//! fails: engine::every_answer_is_told
//!        engine::the_lost_are_waited_for_and_counted
//!        engine::a_request_is_no_reply
//!        engine::replies_to_others_are_theirs
//!        engine::late_is_lost
//!        engine::a_duplicate_is_told_and_not_counted
//!        engine::garbage_is_nothing
//!        engine::an_error_is_about_what_it_quotes
//!        engine::answers_may_overtake_each_other
//! meant: engine::every_answer_is_told
//! says: the last answer is the end

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use crate::link::Link;
use crate::link::Message;
use crate::packets::{self, Echo, Icmp, Quoted};

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
    let mut requests = Requests::new(plan);
    let start = link.now();
    loop {
        let now = link.now();
        let sent = requests.sent();
        let next = start + plan.interval * u32::from(sent);
        let until = if sent < plan.count {
            if now >= next {
                link.send(&requests.next(now))?;
                continue;
            }
            next
        } else {
            match requests.deadline() {
                Some(deadline) if now < deadline => deadline,
                _ => break,
            }
        };
        if let Some(message) = link.receive(until)?
            && let Some(event) = requests.heard(&message, link.now())
        {
            tell(&event)?;
        }
    }
    Ok(requests.summary())
}

/// The requests that were sent, by their sequence number, which begins at 1.
#[derive(Debug)]
struct Requests<'a> {
    plan: &'a Plan,
    all: Vec<Request>,
    duplicates: u32,
}

#[derive(Debug)]
struct Request {
    at: Duration,
    outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Open,
    Answered(Duration),
    Failed,
}

impl<'a> Requests<'a> {
    fn new(plan: &'a Plan) -> Self {
        Self {
            plan,
            all: Vec::new(),
            duplicates: 0,
        }
    }

    fn sent(&self) -> u16 {
        u16::try_from(self.all.len()).unwrap_or(u16::MAX)
    }

    /// The next request, which is sent now.
    fn next(&mut self, at: Duration) -> Vec<u8> {
        let outcome = Outcome::Open;
        self.all.push(Request { at, outcome });
        packets::echo_request(&Echo {
            id: self.plan.id,
            sequence: self.sent(),
            data: &self.plan.data,
        })
    }

    /// Until when one of them may be answered; nothing when all are settled.
    fn deadline(&self) -> Option<Duration> {
        Some(self.all.last()?.at + self.plan.wait)
    }

    /// What a message that came at `now` means for a request of ours; often nothing.
    fn heard(&mut self, message: &Message, now: Duration) -> Option<Event> {
        match packets::icmp(&message.bytes).ok()? {
            Icmp::EchoReply(echo)
                if message.from == self.plan.target
                    && echo.id == self.plan.id
                    && echo.data == self.plan.data =>
            {
                self.answered(echo.sequence, now)
            }
            Icmp::Unreachable { code, quoted } => {
                self.failed(&quoted, message.from, Why::Unreachable(code), now)
            }
            Icmp::TimeExceeded { code, quoted } => {
                self.failed(&quoted, message.from, Why::TimeExceeded(code), now)
            }
            _ => None,
        }
    }

    fn answered(&mut self, sequence: u16, now: Duration) -> Option<Event> {
        let wait = self.plan.wait;
        let request = self.request(sequence)?;
        let time = now.saturating_sub(request.at);
        match request.outcome {
            Outcome::Open if time <= wait => {
                request.outcome = Outcome::Answered(time);
                Some(Event::Reply { sequence, time })
            }
            Outcome::Answered(_) => {
                self.duplicates += 1;
                Some(Event::Duplicate { sequence })
            }
            _ => None,
        }
    }

    fn failed(
        &mut self,
        quoted: &Quoted,
        from: Ipv4Addr,
        why: Why,
        now: Duration,
    ) -> Option<Event> {
        // An echo request of ours to our target; its checksum is cut off with the rest.
        let [kind, _, _, _, i0, i1, s0, s1] = *quoted.head.first_chunk::<8>()?;
        let ours = quoted.destination == self.plan.target
            && quoted.protocol == 1
            && kind == 8
            && u16::from_be_bytes([i0, i1]) == self.plan.id;
        if !ours {
            return None;
        }
        let sequence = u16::from_be_bytes([s0, s1]);
        let wait = self.plan.wait;
        let request = self.request(sequence)?;
        if request.outcome != Outcome::Open || now.saturating_sub(request.at) > wait {
            return None;
        }
        request.outcome = Outcome::Failed;
        Some(Event::Failed {
            sequence,
            from,
            why,
        })
    }

    /// The request of that number, if it was sent.
    fn request(&mut self, sequence: u16) -> Option<&mut Request> {
        self.all.get_mut(usize::from(sequence.checked_sub(1)?))
    }

    fn summary(&self) -> Summary {
        let times: Vec<Duration> = self
            .all
            .iter()
            .filter_map(|request| match request.outcome {
                Outcome::Answered(time) => Some(time),
                _ => None,
            })
            .collect();
        let received = u16::try_from(times.len()).unwrap_or(u16::MAX);
        let sum: Duration = times.iter().sum();
        Summary {
            sent: self.sent(),
            received,
            duplicates: self.duplicates,
            times: times
                .iter()
                .min()
                .zip(times.iter().max())
                .map(|(least, most)| [*least, sum / u32::from(received), *most]),
        }
    }
}
