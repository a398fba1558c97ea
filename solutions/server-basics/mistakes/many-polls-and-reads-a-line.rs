//! Polls all clients in one thread, then reads a whole line from the one that is ready, and waits for the rest of it.
//! stage: many
//! fails: many::half_a_line_delays_nobody
//! meant: many::half_a_line_delays_nobody
//! says: reading a whole line blocks

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use berkeley::{POLLIN, PollFd, poll};

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
    listener.set_nonblocking(true)?;
    let mut clients: Vec<Client> = Vec::new();
    loop {
        let mut fds = vec![PollFd::new(listener, POLLIN)];
        fds.extend(
            clients
                .iter()
                .map(|client| PollFd::new(client.reader.get_ref(), POLLIN)),
        );
        let silence_ends = clients
            .iter()
            .map(|client| client.heard + limits.idle)
            .min();
        let timeout = silence_ends.map(|end| end.saturating_duration_since(Instant::now()));
        match poll(&mut fds, timeout) {
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
            _ => {}
        }
        let ready: Vec<bool> = fds.iter().map(|fd| !fd.revents.is_empty()).collect();
        let mut spoke = ready[1..].iter();
        clients.retain_mut(|client| match spoke.next() {
            Some(true) => client.answer().unwrap_or_else(|error| {
                eprintln!("{}: {error}", client.peer);
                false
            }),
            _ => client.heard.elapsed() < limits.idle,
        });
        if !ready[0] {
            continue;
        }
        match listener.accept() {
            Ok((client, peer)) if clients.len() == limits.max => {
                if let Err(error) = turn_away(&client) {
                    eprintln!("{peer}: {error}");
                }
            }
            Ok((client, peer)) => match Client::new(client, peer, limits.idle) {
                Ok(client) => clients.push(client),
                Err(error) => eprintln!("{peer}: {error}"),
            },
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => {
                eprintln!("accept: {error}");
                thread::sleep(BACK_OFF);
            }
        }
    }
}

/// How long to wait when accept fails. Out of descriptors, the client stays queued and accept
/// would fail again at once, and again, until somebody leaves (accept(2), EMFILE).
const BACK_OFF: Duration = Duration::from_millis(50);

/// A client that is being served.
struct Client {
    reader: BufReader<TcpStream>,
    line: Vec<u8>,
    peer: SocketAddr,
    heard: Instant,
}

impl Client {
    fn new(stream: TcpStream, peer: SocketAddr, idle: Duration) -> io::Result<Self> {
        stream.set_nonblocking(false)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(idle))?;
        stream.set_write_timeout(Some(idle))?;
        Ok(Client {
            reader: BufReader::new(stream),
            line: Vec::new(),
            peer,
            heard: Instant::now(),
        })
    }

    /// Answers what has come; tells whether the client stays.
    fn answer(&mut self) -> io::Result<bool> {
        loop {
            let next = next_line(&mut self.reader, &mut self.line)?;
            let mut stream = self.reader.get_ref();
            match next {
                Next::Line => stream.write_all(&calc::answer(&self.line))?,
                Next::TooLong => return stream.write_all(calc::TOO_LONG).map(|()| false),
                Next::End => return Ok(false),
            }
            self.heard = Instant::now();
            if self.reader.buffer().is_empty() {
                return Ok(true);
            }
        }
    }
}

/// Says BUSY without waiting for anything: so few bytes always fit into a new connection's send buffer.
fn turn_away(mut client: &TcpStream) -> io::Result<()> {
    client.write_all(b"BUSY\n")?;
    client.shutdown(Shutdown::Write)?;
    // Closing with unread bytes makes TCP send a reset, which can destroy the word
    // (RFC 9293 3.6.1): take what the client has said already, but no more than a little.
    client.set_nonblocking(true)?;
    match io::copy(&mut client.take(64 * 1024), &mut io::sink()) {
        Err(error) if error.kind() != ErrorKind::WouldBlock => Err(error),
        _ => Ok(()),
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
