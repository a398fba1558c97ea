//! An echo on mio in rounds: whoever is awake takes small steps in turn until all sleep.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

/// The most that is read in one step.
const STEP: usize = 8192;

struct Guest {
    stream: TcpStream,
    out: Vec<u8>,
    may_read: bool,
    may_write: bool,
    at_end: bool,
}

/// Whether a step has done anything, or has come to the end.
enum Step {
    Done,
    Stuck,
    Over,
}

/// Serves all clients at once.
pub fn serve(listener: TcpListener, keep: usize) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let mut listener = mio::net::TcpListener::from_std(listener);
    let mut poll = Poll::new()?;
    let door = Token(usize::MAX);
    poll.registry()
        .register(&mut listener, door, Interest::READABLE)?;
    let mut guests: Vec<Option<Guest>> = Vec::new();
    let mut events = Events::with_capacity(64);
    let mut awake: Vec<usize> = Vec::new();
    loop {
        let timeout = if awake.is_empty() {
            None
        } else {
            Some(Duration::ZERO)
        };
        if let Err(e) = poll.poll(&mut events, timeout)
            && e.kind() != ErrorKind::Interrupted
        {
            return Err(e);
        }
        for event in &events {
            if event.token() == door {
                while let Ok((mut stream, _)) = listener.accept() {
                    let place = guests
                        .iter()
                        .position(Option::is_none)
                        .unwrap_or(guests.len());
                    if place == guests.len() {
                        guests.push(None);
                    }
                    let both = Interest::READABLE | Interest::WRITABLE;
                    poll.registry().register(&mut stream, Token(place), both)?;
                    guests[place] = Some(Guest {
                        stream,
                        out: Vec::new(),
                        may_read: true,
                        may_write: true,
                        at_end: false,
                    });
                    awake.push(place);
                }
            } else if let Some(guest) = guests.get_mut(event.token().0).and_then(Option::as_mut) {
                guest.may_read |= event.is_readable();
                guest.may_write |= event.is_writable();
                awake.push(event.token().0);
            }
        }
        awake.sort_unstable();
        awake.dedup();
        awake.retain(|&place| {
            let Some(guest) = &mut guests[place] else {
                return false;
            };
            match step(guest, keep) {
                Ok(Step::Done) => true,
                Ok(Step::Stuck) => false,
                Ok(Step::Over) | Err(_) => {
                    guests[place] = None;
                    false
                }
            }
        });
    }
}

fn step(guest: &mut Guest, keep: usize) -> io::Result<Step> {
    let mut done = Step::Stuck;
    if guest.may_write && !guest.out.is_empty() {
        match guest.stream.write(&guest.out) {
            Ok(n) => {
                guest.out.drain(..n);
                done = Step::Done;
            }
            Err(e) if e.kind() == ErrorKind::WouldBlock => guest.may_write = false,
            Err(e) => return Err(e),
        }
    }
    let room = keep - guest.out.len();
    if guest.may_read && !guest.at_end && room > 0 {
        let mut chunk = [0; STEP];
        let most = room.min(STEP);
        match guest.stream.read(&mut chunk[..most]) {
            Ok(0) => guest.at_end = true,
            Ok(n) => guest.out.extend_from_slice(&chunk[..n]),
            Err(e) if e.kind() == ErrorKind::WouldBlock => {
                guest.may_read = false;
                return Ok(done);
            }
            Err(e) => return Err(e),
        }
        done = Step::Done;
    }
    if guest.at_end && guest.out.is_empty() {
        return Ok(Step::Over);
    }
    Ok(done)
}
