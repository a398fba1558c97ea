//! `webget` as a machine that is fed bytes: it knows what it waits for next, and keeps the rest.

use std::io::{self, ErrorKind, Write};
use std::net::{IpAddr, SocketAddr};

use berkeley::{Addr, SOCK_STREAM, Socket, recv, send, socket};

use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub addr: SocketAddr,
    pub host: String,
    pub path: String,
}

pub fn parse(url: &str) -> Result<Target, String> {
    if url.contains(|c: char| !c.is_ascii_graphic()) {
        return Err(String::from("blanks and the like have to be escaped"));
    }
    if url.len() < 7 || !url[..7].eq_ignore_ascii_case("http://") {
        return Err(String::from("only http:// is known here"));
    }
    let url = url[7..].split('#').next().unwrap_or_default();
    let end = url.find(|c| c == '/' || c == '?').unwrap_or(url.len());
    let (authority, mut path) = (&url[..end], url[end..].to_owned());
    if !path.starts_with('/') {
        path.insert(0, '/');
    }
    let end = match authority.find(']') {
        Some(bracket) => bracket + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at(end);
    let ip: Option<IpAddr> = if host.starts_with('[') && host.len() > 2 {
        host[1..host.len() - 1].parse().ok().filter(IpAddr::is_ipv6)
    } else {
        host.parse().ok().filter(IpAddr::is_ipv4)
    };
    let ip = ip.ok_or("the host has to be a literal address")?;
    let port = match port {
        "" | ":" => 80,
        port => {
            let digits = port
                .strip_prefix(':')
                .filter(|port| port.bytes().all(|b| b.is_ascii_digit()));
            let number = digits
                .and_then(|digits| digits.parse().ok())
                .filter(|port| *port > 0);
            number.ok_or("the port has to be a number up to 65535")?
        }
    };
    let host = match port {
        80 => host.to_owned(),
        port => format!("{host}:{port}"),
    };
    Ok(Target {
        addr: SocketAddr::new(ip, port),
        host,
        path,
    })
}

pub fn connect(addr: SocketAddr) -> io::Result<Socket> {
    let socket = socket(Addr::from(addr).family(), SOCK_STREAM, 0)?;
    berkeley::connect(&socket, addr)?;
    Ok(socket)
}

pub fn get(server: &Socket, target: &Target, output: &Output) -> Result<(), Failure> {
    let request = [
        format!("GET {} HTTP/1.1", target.path),
        format!("Host: {}", target.host),
        String::from("Accept: */*"),
        String::from("Connection: close"),
    ];
    let request = request.join("\r\n") + "\r\n\r\n";
    let mut unsent = request.as_bytes();
    while !unsent.is_empty() {
        let sent = send(server, unsent, 0)?;
        unsent = &unsent[sent..];
    }

    let mut response = Response {
        awaited: Awaited::StatusLine,
        kept: Vec::new(),
        head: 0,
        status: 0,
        version: '1',
        fields: Vec::new(),
        output,
    };
    let mut buffer = [0; 4096];
    while response.awaited != Awaited::Nothing {
        match recv(server, &mut buffer, 0) {
            Ok(0) => {
                response.end()?;
                break;
            }
            Ok(received) => response.feed(&buffer[..received])?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    if response.status >= 400 {
        return Err(Failure::Failed(format!("status {}", response.status)));
    }
    Ok(())
}

/// What the next bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Awaited {
    StatusLine,
    Field,
    Body(u64),
    BodyToTheEnd,
    ChunkSize,
    Chunk(u64),
    ChunkEnd,
    Trailer,
    Nothing,
}

struct Response<'a> {
    awaited: Awaited,
    /// What has come of a line.
    kept: Vec<u8>,
    /// Bytes of all heads, or of trailers, so far.
    head: usize,
    status: u16,
    version: char,
    fields: Vec<(String, String)>,
    output: &'a Output,
}

impl Response<'_> {
    fn feed(&mut self, mut bytes: &[u8]) -> Result<(), Failure> {
        while !bytes.is_empty() {
            bytes = match self.awaited {
                Awaited::Nothing => return Ok(()),
                Awaited::BodyToTheEnd => {
                    self.output.write_all(bytes)?;
                    return Ok(());
                }
                Awaited::Body(left) => {
                    let rest = self.pass(bytes, left)?;
                    let left = left - (bytes.len() - rest.len()) as u64;
                    self.awaited = if left == 0 {
                        Awaited::Nothing
                    } else {
                        Awaited::Body(left)
                    };
                    rest
                }
                Awaited::Chunk(left) => {
                    let rest = self.pass(bytes, left)?;
                    let left = left - (bytes.len() - rest.len()) as u64;
                    self.awaited = if left == 0 {
                        Awaited::ChunkEnd
                    } else {
                        Awaited::Chunk(left)
                    };
                    rest
                }
                _ => {
                    let end = bytes
                        .iter()
                        .position(|byte| *byte == b'\n')
                        .map(|end| end + 1);
                    let (part, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
                    self.head += part.len();
                    self.kept.extend_from_slice(part);
                    let most = if self.awaited == Awaited::ChunkEnd {
                        2
                    } else {
                        65536
                    };
                    if self.head > most {
                        return Err(wrong("there is no end to a line, or to lines"));
                    }
                    if end.is_some() {
                        let line = std::mem::take(&mut self.kept);
                        self.line(&line)?;
                    }
                    rest
                }
            };
        }
        Ok(())
    }

    /// Prints of `bytes` what belongs to a body of which `left` bytes are to come; gives the rest.
    fn pass<'b>(&mut self, bytes: &'b [u8], left: u64) -> Result<&'b [u8], Failure> {
        let length = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        self.output.write_all(&bytes[..length])?;
        Ok(&bytes[length..])
    }

    fn line(&mut self, line: &[u8]) -> Result<(), Failure> {
        let line = line
            .strip_suffix(b"\r\n")
            .or(line.strip_suffix(b"\n"))
            .unwrap_or(line);
        if line.contains(&b'\r') {
            return Err(wrong("a carriage return on its own"));
        }
        let line = String::from_utf8_lossy(line);
        match self.awaited {
            Awaited::StatusLine => {
                self.status_line(&line)?;
                self.fields.clear();
                self.awaited = Awaited::Field;
            }
            Awaited::Field if line.is_empty() => self.awaited = self.body()?,
            Awaited::Field => self.field(&line)?,
            Awaited::ChunkSize => {
                let digits = line.split(';').next().unwrap_or_default().trim();
                if digits.contains(|c: char| !c.is_ascii_hexdigit()) {
                    return Err(wrong(
                        "a chunk size has other signs than hexadecimal digits",
                    ));
                }
                let size =
                    u64::from_str_radix(digits, 16).map_err(|_| wrong("a chunk has no size"))?;
                self.head = 0;
                self.awaited = if size == 0 {
                    Awaited::Trailer
                } else {
                    Awaited::Chunk(size)
                };
            }
            Awaited::ChunkEnd if line.is_empty() => {
                self.head = 0;
                self.awaited = Awaited::ChunkSize;
            }
            Awaited::ChunkEnd => return Err(wrong("a chunk does not end where it should")),
            Awaited::Trailer if line.is_empty() => self.awaited = Awaited::Nothing,
            _ => {}
        }
        Ok(())
    }

    fn status_line(&mut self, line: &str) -> Result<(), Failure> {
        let bytes = line.as_bytes();
        let shaped = line.starts_with("HTTP/1.")
            && bytes.len() >= 12
            && bytes[7].is_ascii_digit()
            && bytes[8] == b' '
            && bytes[9..12].iter().all(u8::is_ascii_digit)
            && bytes.get(12).is_none_or(|byte| *byte == b' ');
        self.status = match line.get(9..12).and_then(|code| code.parse().ok()) {
            Some(status) if shaped && status >= 100 && status != 101 => status,
            _ => return Err(wrong("that is no status line")),
        };
        self.version = char::from(bytes[7]);
        if self.status >= 200 {
            eprintln!("{}", line.replace(|c: char| c.is_control(), "?"));
        }
        Ok(())
    }

    fn field(&mut self, line: &str) -> Result<(), Failure> {
        if line.starts_with([' ', '\t']) {
            let Some(field) = self.fields.last_mut() else {
                return Err(wrong("the first field begins with a blank"));
            };
            field.1 = format!("{} {}", field.1, line.trim());
            return Ok(());
        }
        match line.split_once(':') {
            Some((name, value)) if !name.is_empty() && !name.contains([' ', '\t']) => {
                self.fields
                    .push((name.to_ascii_lowercase(), value.trim().to_owned()));
                Ok(())
            }
            _ => Err(wrong("that is no field")),
        }
    }

    /// What follows the empty line.
    fn body(&mut self) -> Result<Awaited, Failure> {
        let list = |wanted: &str| {
            let mut found = None;
            for (name, value) in &self.fields {
                if name == wanted {
                    let values: &mut Vec<String> = found.get_or_insert_default();
                    values.extend(
                        value
                            .split(',')
                            .map(|value| value.trim().to_ascii_lowercase()),
                    );
                }
            }
            found
        };
        if self.status < 200 {
            return Ok(Awaited::StatusLine);
        }
        if self.status == 204 || self.status == 304 {
            return Ok(Awaited::Nothing);
        }
        if let Some(codings) = list("transfer-encoding") {
            if codings != ["chunked"] || self.version == '0' {
                return Err(wrong("an unknown transfer coding"));
            }
            self.head = 0;
            return Ok(Awaited::ChunkSize);
        }
        let Some(mut lengths) = list("content-length") else {
            return Ok(Awaited::BodyToTheEnd);
        };
        lengths.dedup();
        match lengths[0].parse() {
            Ok(0) if lengths == ["0"] => Ok(Awaited::Nothing),
            Ok(length) if lengths.len() == 1 && !lengths[0].starts_with('+') => {
                Ok(Awaited::Body(length))
            }
            _ => Err(wrong("nobody can tell from this how long the body is")),
        }
    }

    /// The stream has ended.
    fn end(&self) -> Result<(), Failure> {
        match self.awaited {
            Awaited::BodyToTheEnd | Awaited::Nothing => Ok(()),
            Awaited::Body(left) => Err(wrong(&format!("{left} bytes of the body are missing"))),
            _ => Err(wrong("the response is cut off")),
        }
    }
}

fn wrong(reason: &str) -> Failure {
    Failure::Protocol(format!("the server does not speak HTTP: {reason}"))
}
