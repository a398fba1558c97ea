//! Connecting with mio, which makes non-blocking streams.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

/// What became of a connection.
#[derive(Debug)]
pub enum Verdict {
    /// It was made.
    Open,
    /// It was refused, or could not be made for another reason.
    Closed(io::Error),
    /// There was no answer until the deadline.
    Silent,
}

/// Connects to all `targets` at once.
pub fn connect_all(targets: &[SocketAddr], deadline: Duration) -> io::Result<Vec<Verdict>> {
    let began = Instant::now();
    let mut poll = Poll::new()?;
    let mut streams = Vec::new();
    let mut verdicts = Vec::new();
    for (index, &target) in targets.iter().enumerate() {
        let begun = TcpStream::connect(target).and_then(|mut stream| {
            poll.registry()
                .register(&mut stream, Token(index), Interest::WRITABLE)?;
            Ok(stream)
        });
        match begun {
            Ok(stream) => {
                streams.push(Some(stream));
                verdicts.push(Verdict::Silent);
            }
            Err(e) => {
                streams.push(None);
                verdicts.push(Verdict::Closed(e));
            }
        }
    }
    let mut events = Events::with_capacity(16);
    while streams.iter().any(Option::is_some) {
        let left = deadline.saturating_sub(began.elapsed());
        match poll.poll(&mut events, Some(left)) {
            Err(e) if e.kind() == ErrorKind::Interrupted => continue,
            other => other?,
        }
        for event in &events {
            let index = event.token().0;
            let Some(stream) = &streams[index] else {
                continue;
            };
            let connected = match stream.take_error()? {
                Some(e) => Err(e),
                None => stream.peer_addr().map(drop),
            };
            match connected {
                Ok(()) => verdicts[index] = Verdict::Open,
                Err(e) if e.kind() == ErrorKind::NotConnected => continue,
                Err(e) => verdicts[index] = Verdict::Closed(e),
            }
            streams[index] = None;
        }
        if events.is_empty() && left == Duration::ZERO {
            break;
        }
    }
    Ok(verdicts)
}
