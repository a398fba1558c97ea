//! Takes the next try as soon as a datagram is not the answer.
//! stage: dig
//! fails: dig::strays_do_not_prolong_the_wait
//!        dig::the_answer_to_another_question_is_none
//! meant: dig::strays_do_not_prolong_the_wait
//! says: or ended your wait

use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::net::{Ipv4Addr, Ipv6Addr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use crate::decode;
use crate::message::{QR, RD, Rcode, TC};
use crate::random;
use crate::record::IN;
use crate::record::Type;
use crate::reply::{Patience, Reply, Trouble};

/// Asks `server` for the records of type `qtype` that `name` has: over UDP, and over TCP when the
/// answer is too long for that.
pub fn ask(
    server: SocketAddr,
    name: &str,
    qtype: Type,
    patience: Patience,
) -> Result<Reply, Trouble> {
    let query = Query::new(name, qtype)?;
    let mut answer = over_udp(server, &query, patience)?;
    if flags(&answer) & TC != 0 {
        answer = over_tcp(server, &query, patience.retry * patience.tries)?;
    }
    match Rcode::of(flags(&answer)) {
        Rcode::NOERROR => {
            let records = decode::message(&answer).map_err(Trouble::Server)?.answers;
            Ok(if records.is_empty() {
                Reply::NoData
            } else {
                Reply::Records(records)
            })
        }
        Rcode::NXDOMAIN => Ok(Reply::NoSuchName),
        other => Err(Trouble::Server(format!("the server says {other}"))),
    }
}

/// The bytes of a header.
const HEADER: usize = 12;

/// How many bytes a label and a name may have (RFC 1035 2.3.4).
const LONGEST_LABEL: usize = 63;
const LONGEST_NAME: usize = 255;

/// A question on its way: what is sent, and what its answer must repeat.
struct Query {
    bytes: Vec<u8>,
}

impl Query {
    /// An id of its own makes it hard to answer for somebody else (RFC 5452 9.2).
    fn new(name: &str, qtype: Type) -> Result<Self, Trouble> {
        let mut bytes = Vec::new();
        for field in [random::number(), RD, 1, 0, 0, 0] {
            bytes.extend(field.to_be_bytes());
        }
        let name = name.strip_suffix('.').unwrap_or(name);
        for label in name.split('.').filter(|_| !name.is_empty()) {
            match u8::try_from(label.len()) {
                Ok(length) if (1..=LONGEST_LABEL).contains(&label.len()) => bytes.push(length),
                _ => return Err(Trouble::Name(format!("no name has a label {label:?}"))),
            }
            bytes.extend(label.bytes());
        }
        bytes.push(0);
        if bytes.len() - HEADER > LONGEST_NAME {
            return Err(Trouble::Name(format!(
                "{name} is longer than a name may be"
            )));
        }
        bytes.extend(qtype.0.to_be_bytes());
        bytes.extend(IN.to_be_bytes());
        Ok(Query { bytes })
    }

    /// Whether `message` is the answer to just this: a response with its id and its question, in
    /// which the case of letters does not matter (RFC 1035 7.3, RFC 5452 9.1).
    fn is_answered_by(&self, message: &[u8]) -> bool {
        let Some((begun, _)) = message.split_at_checked(self.bytes.len()) else {
            return false;
        };
        let same = |range: std::ops::Range<usize>| begun[range.clone()] == self.bytes[range];
        let kind = self.bytes.len() - 4;
        flags(message) & QR != 0
            && same(0..2)
            && same(4..6)
            && begun[HEADER..kind].eq_ignore_ascii_case(&self.bytes[HEADER..kind])
            && same(kind..self.bytes.len())
    }
}

/// The flags of a message, which has a header.
fn flags(message: &[u8]) -> u16 {
    u16::from_be_bytes([message[2], message[3]])
}

/// Sends the query until it is answered, each time waiting as long as `patience` says.
///
/// The socket is connected: datagrams from others do not come through, and the kernel tells of
/// a closed port (udp(7)). Its port is the kernel's choice, another one for each run.
fn over_udp(server: SocketAddr, query: &Query, patience: Patience) -> Result<Vec<u8>, Trouble> {
    let socket = UdpSocket::bind(match server {
        SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
    })?;
    socket.connect(server)?;
    for _ in 0..patience.tries {
        // The same id each time: an answer to an earlier try is an answer too (RFC 1035 7.3).
        socket.send(&query.bytes)?;
        let deadline = Instant::now() + patience.retry;
        if let Some(message) = receive(&socket, deadline)?
            && query.is_answered_by(&message)
        {
            return Ok(message);
        }
    }
    Err(Trouble::Silence)
}

/// The next datagram, if one comes in time.
fn receive(socket: &UdpSocket, deadline: Instant) -> io::Result<Option<Vec<u8>>> {
    let mut buffer = vec![0; usize::from(u16::MAX)];
    while let Some(left) = time_left(deadline) {
        socket.set_read_timeout(Some(left))?;
        match socket.recv(&mut buffer) {
            Ok(length) => {
                buffer.truncate(length);
                return Ok(Some(buffer));
            }
            Err(error) if is_timeout(&error) || error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// Asks over a connection, where a message stands behind its length (RFC 1035 4.2.2). All of it
/// together has `time`.
fn over_tcp(server: SocketAddr, query: &Query, time: Duration) -> Result<Vec<u8>, Trouble> {
    let deadline = Instant::now() + time;
    let mut stream = TcpStream::connect_timeout(&server, time).map_err(no_connection)?;
    // A query has at most 12 + 255 + 4 bytes. Length and message in one write (RFC 7766 8).
    let length = u16::try_from(query.bytes.len()).unwrap_or(u16::MAX);
    let frame = [&length.to_be_bytes()[..], &query.bytes].concat();
    stream.set_write_timeout(Some(time))?;
    stream.write_all(&frame).map_err(broken_off)?;

    // Two bytes of length are two bytes of stream: they too can come one by one.
    let mut length = [0; 2];
    fill(&stream, &mut length, deadline)?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    fill(&stream, &mut message, deadline)?;
    if query.is_answered_by(&message) {
        Ok(message)
    } else {
        let reason = "what came over TCP is no answer to the question";
        Err(Trouble::Server(reason.to_owned()))
    }
}

/// Reads until `buffer` is full. The deadline is for all of it: a timeout for each read would
/// start anew with every byte.
fn fill(mut stream: &TcpStream, buffer: &mut [u8], deadline: Instant) -> Result<(), Trouble> {
    let mut filled = 0;
    while filled < buffer.len() {
        let left = time_left(deadline).ok_or(Trouble::Silence)?;
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut buffer[filled..]) {
            Ok(0) => return Err(broken_off(ErrorKind::UnexpectedEof.into())),
            Ok(read) => filled += read,
            Err(error) if is_timeout(&error) || error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(broken_off(error)),
        }
    }
    Ok(())
}

/// How long until the deadline; nothing when it has passed, for zero would mean for ever.
fn time_left(deadline: Instant) -> Option<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    (!left.is_zero()).then_some(left)
}

/// On Unix a read that timed out is `WouldBlock`, elsewhere `TimedOut`.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

fn no_connection(error: io::Error) -> Trouble {
    match error.kind() {
        ErrorKind::TimedOut => Trouble::Silence,
        _ => Trouble::System(error),
    }
}

/// A connection that ended before the message did.
fn broken_off(error: io::Error) -> Trouble {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => Trouble::Silence,
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
            Trouble::Server("the connection ended before the message did".to_owned())
        }
        _ => Trouble::System(error),
    }
}
