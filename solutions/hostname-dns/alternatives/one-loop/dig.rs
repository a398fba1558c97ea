//! Stage 5, `dig`, with non-blocking sockets and `poll`; the answer is read by what the message says
//! of itself, with no more than a position.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use berkeley::{POLLIN, PollFd, poll};

use crate::random;
use crate::record::{Data, Name, Record, Soa, Type};
use crate::reply::{Patience, Reply, Trouble};

/// Asks `server`.
pub fn ask(
    server: SocketAddr,
    name: &str,
    qtype: Type,
    patience: Patience,
) -> Result<Reply, Trouble> {
    let mut question = Vec::new();
    for label in name.trim_end_matches('.').split('.') {
        if label.len() > 63 || (label.is_empty() && name != ".") {
            return Err(Trouble::Name(format!("{name} cannot be asked for")));
        }
        if !label.is_empty() {
            question.push(u8::try_from(label.len()).unwrap_or_default());
            question.extend(label.bytes());
        }
    }
    question.push(0);
    if question.len() > 255 {
        return Err(Trouble::Name("the name is too long".to_owned()));
    }
    let name_length = question.len();
    question.extend(qtype.0.to_be_bytes());
    question.extend([0, 1]);
    let [high, low] = random::number().to_be_bytes();
    let mut query = vec![high, low, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    query.extend(question);

    let fits = |reply: &[u8]| fits(&query, name_length, reply);
    let mut reply = datagrams(server, &query, patience, &fits)?;
    if reply[2] & 2 != 0 {
        let deadline = Instant::now() + patience.retry * patience.tries;
        reply = connection(server, &query, deadline)?;
        if !fits(&reply) {
            return Err(Trouble::Server(
                "a strange message came over TCP".to_owned(),
            ));
        }
    }
    match reply[3] & 15 {
        0 => {}
        3 => return Ok(Reply::NoSuchName),
        code => return Err(Trouble::Server(format!("the answer has code {code}"))),
    }
    let mut records = Vec::new();
    let mut at = query.len();
    for _ in 0..u16::from_be_bytes([reply[6], reply[7]]) {
        let read = record(&reply, &mut at);
        records.push(read.ok_or_else(|| Trouble::Server("a broken record came".to_owned()))?);
    }
    Ok(if records.is_empty() {
        Reply::NoData
    } else {
        Reply::Records(records)
    })
}

/// The same id and question, and a response.
fn fits(query: &[u8], name_length: usize, reply: &[u8]) -> bool {
    let same = |at: usize| {
        let (left, right) = (query[at], reply[at]);
        match at {
            2 => right & 0x80 != 0,
            3 | 6..12 => true,
            _ if (12..12 + name_length).contains(&at) => left.eq_ignore_ascii_case(&right),
            _ => left == right,
        }
    };
    reply.len() >= query.len() && (0..query.len()).all(same)
}

/// Waits for something to read, as long as there is time.
fn readable(socket: &impl std::os::fd::AsFd, deadline: Instant) -> io::Result<bool> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Ok(false);
    }
    match poll(&mut [PollFd::new(socket, POLLIN)], Some(left)) {
        Err(error) if error.kind() != ErrorKind::Interrupted => Err(error),
        _ => Ok(true),
    }
}

fn datagrams(
    server: SocketAddr,
    query: &[u8],
    patience: Patience,
    fits: &dyn Fn(&[u8]) -> bool,
) -> Result<Vec<u8>, Trouble> {
    let own = if server.is_ipv6() {
        "[::]:0"
    } else {
        "0.0.0.0:0"
    };
    let socket = UdpSocket::bind(own)?;
    socket.set_nonblocking(true)?;
    let mut left = patience.tries;
    let mut deadline = Instant::now();
    loop {
        if Instant::now() >= deadline {
            if left == 0 {
                return Err(Trouble::Silence);
            }
            left -= 1;
            deadline = Instant::now() + patience.retry;
            socket.send_to(query, server)?;
        }
        let mut buffer = [0; 2048];
        match socket.recv_from(&mut buffer) {
            Ok((length, from)) if from == server && fits(&buffer[..length]) => {
                return Ok(buffer[..length].to_vec());
            }
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                readable(&socket, deadline)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

fn connection(server: SocketAddr, query: &[u8], deadline: Instant) -> Result<Vec<u8>, Trouble> {
    let left = deadline.saturating_duration_since(Instant::now());
    let mut stream = match TcpStream::connect_timeout(&server, left.max(Duration::from_millis(1))) {
        Err(error) if error.kind() == ErrorKind::TimedOut => return Err(Trouble::Silence),
        connected => connected?,
    };
    let length = u16::try_from(query.len()).unwrap_or_default();
    stream.write_all(&[&length.to_be_bytes()[..], query].concat())?;
    stream.set_nonblocking(true)?;
    let mut all = Vec::new();
    loop {
        if let Some((length, message)) = all.split_first_chunk()
            && message.len() >= usize::from(u16::from_be_bytes(*length))
        {
            all.drain(..2);
            return Ok(all);
        }
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer) {
            Ok(0) => return Err(Trouble::Server("the end came too early".to_owned())),
            Ok(length) => all.extend(&buffer[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                if !readable(&stream, deadline)? {
                    return Err(Trouble::Silence);
                }
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {
                return Err(Trouble::Server("it was reset".to_owned()));
            }
            Err(error) => return Err(error.into()),
        }
    }
}

fn take<'a>(bytes: &'a [u8], at: &mut usize, length: usize) -> Option<&'a [u8]> {
    let taken = bytes.get(*at..*at + length)?;
    *at += length;
    Some(taken)
}

fn two(bytes: &[u8], at: &mut usize) -> Option<u16> {
    Some(u16::from_be_bytes(take(bytes, at, 2)?.try_into().ok()?))
}

fn four(bytes: &[u8], at: &mut usize) -> Option<u32> {
    Some(u32::from_be_bytes(take(bytes, at, 4)?.try_into().ok()?))
}

fn record(bytes: &[u8], at: &mut usize) -> Option<Record> {
    let name = labels(bytes, at)?;
    let (rtype, class, ttl) = (Type(two(bytes, at)?), two(bytes, at)?, four(bytes, at)?);
    let length = usize::from(two(bytes, at)?);
    let start = *at;
    take(bytes, at, length)?;
    let (bytes, mut inner) = (&bytes[..*at], start);
    let data = data(bytes, &mut inner, rtype, class)?;
    (inner == bytes.len()).then_some(Record {
        name,
        class,
        ttl,
        data,
    })
}

fn data(bytes: &[u8], at: &mut usize, rtype: Type, class: u16) -> Option<Data> {
    if class == 1 {
        match rtype {
            Type::A => {
                return Some(Data::A(
                    <[u8; 4]>::try_from(take(bytes, at, 4)?).ok()?.into(),
                ));
            }
            Type::AAAA => {
                return Some(Data::Aaaa(
                    <[u8; 16]>::try_from(take(bytes, at, 16)?).ok()?.into(),
                ));
            }
            Type::NS => return labels(bytes, at).map(Data::Ns),
            Type::CNAME => return labels(bytes, at).map(Data::Cname),
            Type::MX => {
                return Some(Data::Mx {
                    preference: two(bytes, at)?,
                    exchange: labels(bytes, at)?,
                });
            }
            Type::SOA => {
                return Some(Data::Soa(Soa {
                    mname: labels(bytes, at)?,
                    rname: labels(bytes, at)?,
                    serial: four(bytes, at)?,
                    refresh: four(bytes, at)?,
                    retry: four(bytes, at)?,
                    expire: four(bytes, at)?,
                    minimum: four(bytes, at)?,
                }));
            }
            Type::TXT => {
                let mut strings = Vec::new();
                while *at < bytes.len() {
                    let length = take(bytes, at, 1)?[0];
                    strings.push(take(bytes, at, length.into())?.to_vec());
                }
                return (!strings.is_empty()).then_some(Data::Txt(strings));
            }
            _ => {}
        }
    }
    let rest = take(bytes, at, bytes.len() - *at)?;
    Some(Data::Other(rtype, rest.to_vec()))
}

fn labels(bytes: &[u8], at: &mut usize) -> Option<Name> {
    let (mut here, mut lowest, mut jumped) = (*at, *at, false);
    let mut name = Name::default();
    let mut room = 254_usize;
    loop {
        let first = *bytes.get(here)?;
        here += 1;
        if first >= 0xc0 {
            let target = usize::from(first & 0x3f) * 256 + usize::from(*bytes.get(here)?);
            if !jumped {
                *at = here + 1;
            }
            jumped = true;
            if target >= lowest || target < 12 {
                return None;
            }
            (here, lowest) = (target, target);
        } else if first >= 0x40 {
            return None;
        } else if first == 0 {
            if !jumped {
                *at = here;
            }
            return Some(name);
        } else {
            room = room.checked_sub(usize::from(first) + 1)?;
            name.0
                .push(bytes.get(here..here + usize::from(first))?.to_vec());
            here += usize::from(first);
        }
    }
}
