//! A program that serves, and the clients that come to it.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use crate::bytes;
use crate::datagram::DatagramPeer;
use crate::failure::{Failure, Outcome, Saw};
use crate::peer::{Peer, Wish};
use crate::program::Program;
use crate::scene::PATIENCE;
use crate::transcript::PROGRAM;

/// How long a connection is tried before it counts as hanging.
const HANGS: Duration = Duration::from_millis(300);

/// A program that has said READY. Derefs to its [`Program`].
#[derive(Debug, Clone)]
pub struct Server {
    program: Program,
    addr: SocketAddr,
}

impl Server {
    /// Waits for the program's READY line, or for its end, whichever comes first.
    pub(crate) fn when_ready(program: Program) -> Outcome<Self> {
        const LIKE: &str = "127.0.0.1:40123";
        let said = ready_address(&program, LIKE)?;
        let addr = std::str::from_utf8(&said)
            .ok()
            .and_then(|addr| addr.parse().ok());
        let addr = addr.ok_or_else(|| not_ready(LIKE, &[b"READY ", &said[..]].concat()))?;
        Ok(Self { program, addr })
    }

    /// The address it serves, as its READY line says.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// A client that has connected to it.
    pub fn connect(&self) -> Outcome<Peer> {
        self.connect_as(&Wish::default())
    }

    /// A client that has connected to it with wishes of its own.
    pub fn connect_as(&self, wish: &Wish) -> Outcome<Peer> {
        Peer::connect(self.addr, wish, &self.program)
    }

    /// A client that has connected to it at another of its addresses.
    pub fn connect_at(&self, addr: SocketAddr) -> Outcome<Peer> {
        Peer::connect(addr, &Wish::default(), &self.program)
    }

    /// `count` clients, all connected.
    pub fn connect_many(&self, count: usize) -> Outcome<Vec<Peer>> {
        (0..count).map(|_| self.connect()).collect()
    }

    /// Bytes that clients have sent and the program has not read: they wait in its kernel.
    pub fn unread(&self) -> u64 {
        self.facts().unread_at(self.addr)
    }

    /// A client that sends datagrams.
    pub fn datagram_client(&self) -> Outcome<DatagramPeer> {
        DatagramPeer::client_of(&self.program, self.addr)
    }

    /// Nobody listens at `addr`: a connection is refused.
    pub fn expect_refused_at(&self, addr: SocketAddr) -> Outcome {
        match Peer::connect(addr, &Wish::default(), &self.program) {
            Ok(_) => Err(Failure::new(
                Saw::Wrong,
                format!("a client was accepted at {addr}"),
            )),
            Err(failure) if failure.saw == Saw::Refused => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    /// From some moment on newcomers are refused; until then they may still be queued.
    pub fn expect_refusal(&self) -> Outcome {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.connect() {
                Err(failure) if failure.saw == Saw::Refused => return Ok(()),
                // Who was in the queue when the listener was closed.
                Err(failure) if failure.saw == Saw::Reset => {}
                Err(failure) => return Err(failure),
                Ok(newcomer) => newcomer.close(),
            }
            if Instant::now() > deadline {
                let seconds = PATIENCE.as_secs();
                let doing = self.doing();
                let happened = format!("for {seconds} s newcomers could still connect; {doing}");
                return Err(Failure::new(Saw::Wrong, happened));
            }
            // Seldom enough that they do not fill the queue, which would hang and not refuse.
            thread::sleep(PATIENCE / 100);
        }
    }

    /// Its queue of connections is full: a newcomer is neither accepted nor refused.
    pub fn expect_full(&self) -> Outcome {
        match Peer::try_connect(self.addr, HANGS) {
            Err(error) if error.kind() == ErrorKind::TimedOut => Ok(()),
            Err(error) => Err(Failure::new(
                Saw::Refused,
                format!("one client more did not wait in vain: {error}"),
            )),
            Ok(()) => Err(Failure::new(Saw::Wrong, "one client more could connect")),
        }
    }
}

impl std::ops::Deref for Server {
    type Target = Program;

    fn deref(&self) -> &Program {
        &self.program
    }
}

/// Waits for the program's READY line, or for its end, whichever comes first; gives the
/// address behind the word. Addresses look `like` this.
pub(crate) fn ready_address(program: &Program, like: &str) -> Outcome<Vec<u8>> {
    program.wait_for_stdout(Instant::now() + 2 * PATIENCE, |said, closed| {
        said.contains(&b'\n') || closed
    });
    let said = program.stdout();
    let Some(end) = said.iter().position(|&byte| byte == b'\n') else {
        return Err(never_ready(program, like, &said));
    };
    let line = &said[..end];
    let Some(addr) = line.strip_prefix(b"READY ") else {
        return Err(not_ready(like, line));
    };
    let event = format!("is READY on {}", bytes::escape(addr));
    program.scene().transcript.note(PROGRAM, None, &event);
    Ok(addr.to_vec())
}

fn not_ready(like: &str, line: &[u8]) -> Failure {
    let happened = "the first line on stdout is not READY with an address";
    Failure::new(Saw::Wrong, happened).expecting(format!("READY {like}"), line)
}

fn never_ready(program: &Program, like: &str, said: &[u8]) -> Failure {
    // A program that has closed its stdout is most likely about to end.
    program.end_within(PATIENCE / 10);
    let absence = program.absence("the grader", "READY", 2 * PATIENCE);
    if said.is_empty() {
        absence
    } else {
        absence.expecting(format!("READY {like}"), said)
    }
}
