//! Says BUSY in the accept loop, and waits there for the client to close.
//! stage: many
//! fails: many::says_busy_past_the_maximum
//! meant: many::says_busy_past_the_maximum
//! says: set a limit and say BUSY

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::calc;

/// What the server grants to clients.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many clients are served at once, at least one.
    pub max: usize,
    /// How long a client may be silent; never zero.
    pub idle: Duration,
}

/// Serves many clients at once, for ever: each line gets the reply of [`crate::calc::answer`].
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &TcpListener, limits: Limits) -> io::Result<()> {
    let places = Places::new(limits.max);
    loop {
        let (client, peer) = match listener.accept() {
            Ok(accepted) => accepted,
            Err(error) => {
                eprintln!("accept: {error}");
                thread::sleep(BACK_OFF);
                continue;
            }
        };
        let outcome = match places.take() {
            Some(place) => start(client, peer, place, limits.idle),
            None => turn_away(&client),
        };
        if let Err(error) = outcome {
            eprintln!("{peer}: {error}");
        }
    }
}

/// How long to wait when accept fails. Out of descriptors, the client stays queued and accept
/// would fail again at once, and again, until somebody leaves (accept(2), EMFILE).
const BACK_OFF: Duration = Duration::from_millis(50);

/// What a conversation's thread needs for its calls; its buffers lie on the heap.
const STACK: usize = 128 * 1024;

/// The places, of which each client being served holds one.
struct Places {
    taken: Arc<AtomicUsize>,
    max: usize,
}

/// A client's place. However its thread ends, by return or by panic, the drop gives it back.
struct Place {
    taken: Arc<AtomicUsize>,
}

impl Places {
    fn new(max: usize) -> Self {
        let taken = Arc::new(AtomicUsize::new(0));
        Places { taken, max }
    }

    /// A place, if one is free. Only the accept loop asks, so nobody takes it in between.
    fn take(&self) -> Option<Place> {
        if self.taken.load(Ordering::SeqCst) == self.max {
            return None;
        }
        self.taken.fetch_add(1, Ordering::SeqCst);
        let taken = Arc::clone(&self.taken);
        Some(Place { taken })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.taken.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Starts a thread that converses with the client. If there is none to be had, client and
/// place are dropped, and the server goes on.
fn start(client: TcpStream, peer: SocketAddr, place: Place, idle: Duration) -> io::Result<()> {
    let conversation = move || {
        match converse(&client, idle) {
            Ok(()) => {}
            Err(error) if timed_out(&error) => eprintln!("{peer}: silent for too long"),
            Err(error) => eprintln!("{peer}: {error}"),
        }
        // In this order: a client that sees the end may come back and find its place free.
        drop(place);
        drop(client);
    };
    let thread = thread::Builder::new().stack_size(STACK);
    thread.spawn(conversation)?;
    Ok(())
}

/// Says BUSY, and lets the client close first.
fn turn_away(mut client: &TcpStream) -> io::Result<()> {
    client.write_all(b"BUSY\n")?;
    client.shutdown(Shutdown::Write)?;
    io::copy(&mut client, &mut io::sink())?;
    Ok(())
}

/// Answers line by line until the client has finished, has sent a line that is too long, or
/// has been silent for `idle`.
fn converse(mut client: &TcpStream, idle: Duration) -> io::Result<()> {
    // A reply is a whole message: nothing that follows is worth waiting for (tcp(7)).
    client.set_nodelay(true)?;
    client.set_read_timeout(Some(idle))?;
    // Nor may a client hold its place by not reading.
    client.set_write_timeout(Some(idle))?;
    let mut reader = BufReader::new(client);
    let mut line = Vec::new();
    loop {
        match next_line(&mut reader, &mut line)? {
            Next::Line => client.write_all(&calc::answer(&line))?,
            Next::TooLong => return client.write_all(calc::TOO_LONG),
            Next::End => return Ok(()),
        }
    }
}

/// What comes next from a client.
enum Next {
    /// A line; it stands in the buffer, without its line end.
    Line,
    /// More bytes than a line may have.
    TooLong,
    /// The end of the stream. What came since the last line end is no request.
    End,
}

/// Reads the next line into `line`, and never more than a line may have.
fn next_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Next> {
    const LONGEST: usize = calc::MAX_LINE + "\r\n".len();
    line.clear();
    reader.take(LONGEST as u64).read_until(b'\n', line)?;
    let ended = line.pop_if(|byte| *byte == b'\n').is_some();
    if ended {
        line.pop_if(|byte| *byte == b'\r');
    }
    if line.len() > calc::MAX_LINE {
        Ok(Next::TooLong)
    } else if ended {
        Ok(Next::Line)
    } else {
        Ok(Next::End)
    }
}

/// Whether a read or a write came to its time limit: Unix calls it `WouldBlock` (socket(7),
/// `SO_RCVTIMEO`), other systems `TimedOut`.
fn timed_out(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
