//! Stage 6, `serve`, in one thread: `poll` waits for datagrams, connections and clients.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::thread;
use std::time::Duration;

use berkeley::{Events, POLLIN, POLLOUT, PollFd, poll};

use crate::message::Rcode;
use crate::record::{Data, Name, Record, Type};
use crate::zone::Zone;

/// A client over TCP: what came and is no query yet, what is to go out.
struct Client {
    stream: TcpStream,
    came: Vec<u8>,
    goes: Vec<u8>,
    finished: bool,
}

/// Serves for ever.
pub fn serve(udp: &UdpSocket, tcp: &TcpListener, zone: &Zone) -> io::Result<()> {
    udp.set_nonblocking(true)?;
    tcp.set_nonblocking(true)?;
    let mut clients: Vec<Client> = Vec::new();
    loop {
        wait(udp, tcp, &clients)?;
        while let Some((query, from)) = next_datagram(udp) {
            if let Some(answer) = Answer::to(&query, zone, 512) {
                _ = udp.send_to(&answer, from);
            }
        }
        match tcp.accept() {
            Ok((stream, _)) if stream.set_nonblocking(true).is_ok() => clients.push(Client {
                stream,
                came: Vec::new(),
                goes: Vec::new(),
                finished: false,
            }),
            Err(error) if error.kind() != ErrorKind::WouldBlock => {
                thread::sleep(Duration::from_millis(10));
            }
            _ => {}
        }
        clients.retain_mut(|client| client.go_on(zone).unwrap_or(false));
    }
}

fn wait(udp: &UdpSocket, tcp: &TcpListener, clients: &[Client]) -> io::Result<()> {
    let mut fds = vec![PollFd::new(udp, POLLIN), PollFd::new(tcp, POLLIN)];
    fds.extend(
        clients
            .iter()
            .map(|client| PollFd::new(&client.stream, client.interest())),
    );
    match poll(&mut fds, None) {
        Err(error) if error.kind() != ErrorKind::Interrupted => Err(error),
        _ => Ok(()),
    }
}

fn next_datagram(socket: &UdpSocket) -> Option<(Vec<u8>, std::net::SocketAddr)> {
    let mut buffer = vec![0; 65_535];
    let (length, from) = socket.recv_from(&mut buffer).ok()?;
    buffer.truncate(length);
    Some((buffer, from))
}

impl Client {
    /// Who does not read is not read from.
    fn interest(&self) -> Events {
        if self.goes.is_empty() {
            POLLIN
        } else {
            POLLOUT
        }
    }

    /// Does what can be done without waiting; tells whether the client stays.
    fn go_on(&mut self, zone: &Zone) -> io::Result<bool> {
        loop {
            while !self.goes.is_empty() {
                match self.stream.write(&self.goes) {
                    Ok(written) => drop(self.goes.drain(..written)),
                    Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(true),
                    Err(error) => return Err(error),
                }
            }
            if let Some(query) = self.next_query() {
                if let Some(answer) = Answer::to(&query, zone, 65_535) {
                    let length = u16::try_from(answer.len()).unwrap_or_default();
                    self.goes.extend(length.to_be_bytes());
                    self.goes.extend(answer);
                }
                continue;
            }
            if self.finished {
                return Ok(false);
            }
            let mut buffer = [0; 4096];
            match self.stream.read(&mut buffer) {
                Ok(0) => self.finished = true,
                Ok(length) => self.came.extend(&buffer[..length]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(true),
                Err(error) => return Err(error),
            }
        }
    }

    fn next_query(&mut self) -> Option<Vec<u8>> {
        let (length, rest) = self.came.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let query = rest.get(..length)?.to_vec();
        self.came.drain(..2 + length);
        Some(query)
    }
}

/// Names as text in lower case, with a dot before each label: `.www.lab.test`.
fn text(name: &Name) -> String {
    let labels = name.0.iter().map(|label| {
        // A dot within a label is none between labels.
        let label: String = label.escape_ascii().to_string().replace('.', "\\.");
        format!(".{}", label.to_lowercase())
    });
    labels.collect()
}

/// An answer being made.
struct Answer<'a> {
    zone: &'a Zone,
    bytes: Vec<u8>,
    limit: usize,
}

impl<'a> Answer<'a> {
    fn to(query: &[u8], zone: &'a Zone, limit: usize) -> Option<Vec<u8>> {
        let header = query.get(..12).filter(|header| header[2] & 0x80 == 0)?;
        let mut answer = Answer {
            zone,
            bytes: header[..2].to_vec(),
            limit,
        };
        answer.bytes.extend([0x80 | header[2] & 0x79, 0]);
        answer.bytes.extend([0; 8]);
        let rcode = answer.fill(header, &query[12..]);
        answer.bytes[3] |= u8::try_from(rcode.0).unwrap_or_default();
        Some(answer.bytes)
    }

    fn fill(&mut self, header: &[u8], body: &[u8]) -> Rcode {
        if header[2] & 0x78 != 0 {
            return Rcode::NOTIMP;
        }
        let Some((name, length)) = name_at(body).filter(|_| header[4] == 0 && header[5] == 1)
        else {
            return Rcode::FORMERR;
        };
        let Some(kind) = body.get(length..length + 4) else {
            return Rcode::FORMERR;
        };
        self.bytes[5] = 1;
        self.bytes.extend(&body[..length + 4]);
        let inside = |name: &str| format!("{name}$").ends_with(&(text(&self.zone.name) + "$"));
        if kind[2..] != [0, 1] || !inside(&name) {
            return Rcode::REFUSED;
        }
        self.bytes[2] |= 4;
        let qtype = Type(u16::from_be_bytes([kind[0], kind[1]]));
        let mut seen: Vec<String> = Vec::new();
        let mut name = name;
        loop {
            if !inside(&name) || seen.contains(&name) {
                return Rcode::NOERROR;
            }
            seen.push(name.clone());
            let all = || self.zone.records.iter();
            let here: Vec<&Record> = all().filter(|record| text(&record.name) == name).collect();
            let asked = |record: &&&Record| qtype == Type::ANY || record.data.rtype() == qtype;
            let found: Vec<&Record> = here.iter().filter(asked).copied().collect();
            let alias = here.iter().find_map(|record| match &record.data {
                Data::Cname(target) => Some((*record, target)),
                _ => None,
            });
            let exists = all().any(|record| text(&record.name).ends_with(&name));
            match (found.is_empty(), alias) {
                (true, Some((record, target))) => {
                    if !self.add(7, record, record.ttl) {
                        return Rcode::NOERROR;
                    }
                    name = text(target);
                }
                (true, None) => {
                    let soa = &self.zone.records[0];
                    self.add(9, soa, soa.ttl.min(self.zone.soa.minimum));
                    return if exists {
                        Rcode::NOERROR
                    } else {
                        Rcode::NXDOMAIN
                    };
                }
                (false, _) => {
                    _ = found.iter().all(|record| self.add(7, record, record.ttl));
                    return Rcode::NOERROR;
                }
            }
        }
    }

    fn add(&mut self, count: usize, record: &Record, ttl: u32) -> bool {
        let data = data(&record.data);
        let owner = wire(&record.name);
        if self.bytes.len() + owner.len() + 10 + data.len() > self.limit {
            self.bytes[2] |= 2;
            return false;
        }
        self.bytes.extend(owner);
        self.bytes.extend(record.data.rtype().0.to_be_bytes());
        self.bytes.extend([0, 1]);
        self.bytes.extend(ttl.to_be_bytes());
        self.bytes
            .extend(u16::try_from(data.len()).unwrap_or_default().to_be_bytes());
        self.bytes.extend(data);
        self.bytes[count] += 1;
        true
    }
}

/// The name that a body begins with, as text, and its length.
fn name_at(body: &[u8]) -> Option<(String, usize)> {
    let mut name = Name::default();
    let mut at = 0;
    loop {
        let length = usize::from(*body.get(at)?);
        at += 1 + length;
        if length > 63 || at > 255 {
            return None;
        }
        let label = body.get(at - length..at)?;
        if label.is_empty() {
            return Some((text(&name), at));
        }
        name.0.push(label.to_vec());
    }
}

fn wire(name: &Name) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::new();
    for label in name.0.iter().chain([&Vec::new()]) {
        bytes.push(u8::try_from(label.len()).unwrap_or_default());
        bytes.extend(label);
    }
    bytes
}

fn data(data: &Data) -> Vec<u8> {
    match data {
        Data::A(ip) => ip.octets().to_vec(),
        Data::Aaaa(ip) => ip.octets().to_vec(),
        Data::Ns(name) | Data::Cname(name) => wire(name),
        Data::Mx {
            preference,
            exchange,
        } => [preference.to_be_bytes().to_vec(), wire(exchange)].concat(),
        Data::Txt(strings) => {
            let with_length = |string: &Vec<u8>| {
                [
                    &[u8::try_from(string.len()).unwrap_or_default()][..],
                    string,
                ]
                .concat()
            };
            strings.iter().flat_map(with_length).collect()
        }
        Data::Soa(soa) => {
            let numbers = [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum];
            let numbers = numbers.iter().flat_map(|number| number.to_be_bytes());
            [wire(&soa.mname), wire(&soa.rname), numbers.collect()].concat()
        }
        Data::Other(_, bytes) => bytes.clone(),
    }
}
