//! Gives back only the records of the type that was asked for.
//!
//! stage: dig
//! fails: dig::asks_and_prints_the_answer
//! meant: dig::asks_and_prints_the_answer
//! says: Give back every record of the answer section

use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::net::{Ipv4Addr, Ipv6Addr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use crate::message::{QR, RD, Rcode, TC};
use crate::random;
use crate::record::Type;
use crate::record::{Data, IN, Name, Record, Soa};
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
            let mut records = query.answers_in(&answer).map_err(Trouble::Server)?;
            records.retain(|record| qtype == Type::CNAME || !matches!(record.data, Data::Cname(_)));
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

    /// The records of the answer section, which follows the question.
    fn answers_in(&self, message: &[u8]) -> Result<Vec<Record>, String> {
        let mut reader = Reader {
            bytes: message,
            at: 6,
        };
        let count = reader.u16()?;
        reader.at = self.bytes.len();
        (0..count).map(|_| reader.record()).collect()
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
        // Strangers' datagrams neither end this wait nor prolong it.
        while let Some(message) = receive(&socket, deadline)? {
            if query.is_answered_by(&message) {
                return Ok(message);
            }
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

/// A place in a message of which nothing is believed. This is what stage `decode` needs of
/// reading, once more: no stage depends on another's file.
struct Reader<'a> {
    /// The message up to where reading has to end, always from its beginning.
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], String> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let cut = || "the answer ends in the middle of a record".to_owned();
        let (taken, _) = rest.split_at_checked(length).ok_or_else(cut)?;
        self.at += length;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let taken = self.take(N)?;
        taken.try_into().map_err(|_| "too few bytes".to_owned())
    }

    fn u16(&mut self) -> Result<u16, String> {
        self.array().map(u16::from_be_bytes)
    }

    fn u32(&mut self) -> Result<u32, String> {
        self.array().map(u32::from_be_bytes)
    }

    fn record(&mut self) -> Result<Record, String> {
        let name = self.name()?;
        let (rtype, class, ttl) = (Type(self.u16()?), self.u16()?, self.u32()?);
        let length = usize::from(self.u16()?);
        let start = self.at;
        self.take(length)?;
        let mut data = Reader {
            bytes: &self.bytes[..self.at],
            at: start,
        };
        let record = Record {
            name,
            class,
            ttl,
            data: data.data(rtype, class)?,
        };
        if data.at < self.at {
            return Err("the data of a record is longer than it should be".to_owned());
        }
        Ok(record)
    }

    fn data(&mut self, rtype: Type, class: u16) -> Result<Data, String> {
        Ok(match rtype {
            Type::A if class == IN => Data::A(Ipv4Addr::from(self.array::<4>()?)),
            Type::AAAA if class == IN => Data::Aaaa(Ipv6Addr::from(self.array::<16>()?)),
            Type::NS if class == IN => Data::Ns(self.name()?),
            Type::CNAME if class == IN => Data::Cname(self.name()?),
            Type::MX if class == IN => Data::Mx {
                preference: self.u16()?,
                exchange: self.name()?,
            },
            Type::SOA if class == IN => Data::Soa(Soa {
                mname: self.name()?,
                rname: self.name()?,
                serial: self.u32()?,
                refresh: self.u32()?,
                retry: self.u32()?,
                expire: self.u32()?,
                minimum: self.u32()?,
            }),
            Type::TXT if class == IN => {
                let mut strings = Vec::new();
                while strings.is_empty() || self.at < self.bytes.len() {
                    let [length] = self.array()?;
                    strings.push(self.take(length.into())?.to_vec());
                }
                Data::Txt(strings)
            }
            _ => {
                let rest = self.take(self.bytes.len() - self.at)?;
                Data::Other(rtype, rest.to_vec())
            }
        })
    }

    /// Labels up to the root's; each pointer leads to before the labels just read.
    fn name(&mut self) -> Result<Name, String> {
        let mut name = Name::default();
        let mut length = 0;
        let mut began = self.at;
        let mut run = Reader { ..*self };
        let mut behind = None;
        loop {
            let [first] = run.array()?;
            match first {
                0..64 => {
                    length += 1 + usize::from(first);
                    if length > LONGEST_NAME {
                        return Err(format!("a name has more than {LONGEST_NAME} bytes"));
                    }
                    if first == 0 {
                        self.at = behind.unwrap_or(run.at);
                        return Ok(name);
                    }
                    name.0.push(run.take(first.into())?.to_vec());
                }
                192.. => {
                    let [low] = run.array()?;
                    let target = usize::from(u16::from_be_bytes([first & 63, low]));
                    if !(HEADER..began).contains(&target) {
                        return Err("a pointer does not lead back".to_owned());
                    }
                    behind = behind.or(Some(run.at));
                    began = target;
                    run.at = target;
                }
                _ => return Err("a label begins with reserved bits".to_owned()),
            }
        }
    }
}
