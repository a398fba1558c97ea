//! A network that does what a script says, on a clock that jumps from event to event. Given.
//!
//! ```text
//! line   = AT SP address SP bytes LF      ; at that time, in ms, a message comes from that address; in order
//!
//! result = AT SP "sends" SP bytes LF
//!        / AT SP "reply" SP sequence SP "after" SP TIME LF
//!        / AT SP "duplicate" SP sequence LF
//!        / AT SP ( "unreachable" / "time-exceeded" ) SP code SP sequence SP "from" SP address LF
//!        / AT SP "ends" SP "sent" SP count SP "received" SP count SP "duplicates" SP count
//!          SP "times" SP ( least "/" mean "/" most / "-" ) LF
//! bytes  = 1*( 2HEXDIG ) / "-"
//! ```
//!
//! Times are in milliseconds, those of answers with three decimals.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, BufRead, ErrorKind, Write};
use std::net::Ipv4Addr;
use std::time::Duration;

use crate::engine::{self, Event, Plan, Summary, Why};
use crate::hexadecimal::{read, written};
use crate::link::{Link, Message};

/// So often an engine may ask in vain at the same moment before it is said to spin.
const PATIENCE: usize = 1000;

/// Plays a script to the engine, and writes what it does to `out`. A line that is none is an error of kind
/// `InvalidInput`.
pub fn play(script: impl BufRead, out: &mut impl Write, plan: &Plan) -> io::Result<()> {
    let mut coming = VecDeque::new();
    for line in script.lines() {
        let line = line?;
        if !line.trim().is_empty() {
            let event = event(&line).map_err(|why| io::Error::new(ErrorKind::InvalidInput, why))?;
            coming.push_back(event);
        }
    }
    let clock = RefCell::new(Duration::ZERO);
    let out = RefCell::new(out);
    let mut network = Network {
        coming,
        clock: &clock,
        out: &out,
        in_vain: 0,
    };
    let say = |text: String| writeln!(out.borrow_mut(), "{} {text}", clock.borrow().as_millis());
    let summary = engine::ping(&mut network, plan, &mut |event| say(told(event)))?;
    say(summed(&summary))
}

/// A line of a script. The error is a sentence for who wrote it.
fn event(line: &str) -> Result<(Duration, Message), String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let wrong = || format!("this is no line of a script: {line}");
    let [at, from, bytes] = words[..] else {
        return Err(wrong());
    };
    let at = Duration::from_millis(at.parse().map_err(|_| wrong())?);
    let from = from.parse().map_err(|_| wrong())?;
    let bytes = read(bytes)?;
    Ok((at, Message { from, bytes }))
}

fn told(event: &Event) -> String {
    let failed = |name: &str, code: u8, sequence: u16, from: Ipv4Addr| {
        format!("{name} {code} {sequence} from {from}")
    };
    match *event {
        Event::Reply { sequence, time } => format!("reply {sequence} after {}", milliseconds(time)),
        Event::Duplicate { sequence } => format!("duplicate {sequence}"),
        Event::Failed {
            sequence,
            from,
            why: Why::Unreachable(code),
        } => failed("unreachable", code, sequence, from),
        Event::Failed {
            sequence,
            from,
            why: Why::TimeExceeded(code),
        } => failed("time-exceeded", code, sequence, from),
    }
}

fn summed(summary: &Summary) -> String {
    let times = summary
        .times
        .map_or_else(|| "-".to_owned(), |times| times.map(milliseconds).join("/"));
    format!(
        "ends sent {} received {} duplicates {} times {times}",
        summary.sent, summary.received, summary.duplicates
    )
}

/// A time as ping prints it.
pub fn milliseconds(time: Duration) -> String {
    let micros = time.as_micros();
    format!("{}.{:03}", micros / 1000, micros % 1000)
}

/// The network that the script plays.
struct Network<'a, W> {
    coming: VecDeque<(Duration, Message)>,
    clock: &'a RefCell<Duration>,
    out: &'a RefCell<W>,
    in_vain: usize,
}

impl<W: Write> Link for Network<'_, W> {
    fn now(&self) -> Duration {
        *self.clock.borrow()
    }

    fn send(&mut self, message: &[u8]) -> io::Result<()> {
        self.in_vain = 0;
        let at = self.now().as_millis();
        writeln!(self.out.borrow_mut(), "{at} sends {}", written(message))
    }

    fn receive(&mut self, until: Duration) -> io::Result<Option<Message>> {
        let now = self.now();
        let until = until.max(now);
        if self.coming.front().is_some_and(|(at, _)| *at <= until)
            && let Some((at, message)) = self.coming.pop_front()
        {
            *self.clock.borrow_mut() = at.max(now);
            return Ok(Some(message));
        }
        if until > now {
            *self.clock.borrow_mut() = until;
            self.in_vain = 0;
        } else {
            self.in_vain += 1;
            if self.in_vain > PATIENCE {
                return Err(io::Error::other(
                    "the engine asks for messages again and again without a moment passing: it spins",
                ));
            }
        }
        Ok(None)
    }
}
