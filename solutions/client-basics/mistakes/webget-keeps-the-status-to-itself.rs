//! Prints the body, and tells nobody the status line.
//!
//! stage: webget
//! fails: webget::prints_the_page_and_the_status
//!        webget::interim_responses_are_skipped
//! meant: webget::prints_the_page_and_the_status
//! says: The status line goes to stderr

use std::io;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::net::{SocketAddr, TcpStream};

use crate::failure::Failure;
use crate::output::Output;

/// What a URL says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Where to connect to.
    pub addr: SocketAddr,
    /// What the field `Host` is to hold: the host as the URL has it, and the port if it is not 80.
    pub host: String,
    /// What to ask for: path and query.
    pub path: String,
}

/// Takes a URL apart. The error is a sentence for who typed it, and is a usage error.
pub fn parse(url: &str) -> Result<Target, String> {
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        // A line end in a URL would end the request line, and begin a line of who wrote the URL.
        return Err("it has a character that a URL cannot have".to_owned());
    }
    let (scheme, rest) = url
        .split_once("://")
        .ok_or("it does not begin with http://")?;
    if !scheme.eq_ignore_ascii_case("http") {
        return Err("its scheme is not http".to_owned());
    }
    // What stands behind # is for the reader of the page (RFC 9110 4.2.5).
    let (rest, _fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (host, port) = split_authority(authority);
    let ip = ip(host)?;
    let port = port_number(port)?;
    Ok(Target {
        addr: SocketAddr::new(ip, port),
        host: if port == 80 {
            host.to_owned()
        } else {
            format!("{host}:{port}")
        },
        // An empty path is the path / (RFC 9112 3.2.1).
        path: if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("/{path}")
        },
    })
}

/// Connects to the server at `addr`.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

/// Asks for `target`, writes the body of the response to `output` and its status line to stderr.
pub fn get(stream: &TcpStream, target: &Target, output: &Output) -> Result<(), Failure> {
    ask(stream, target)?;
    let mut reader = BufReader::new(stream);
    let head = final_head(&mut reader)?;
    copy_body(&mut reader, head.framing()?, output)?;
    match head.status {
        200..400 => Ok(()),
        status => Err(Failure::Failed(format!("the server answers with {status}"))),
    }
}

/// The most bytes that all headers before the body may have together, and those of trailers.
const MAX_HEAD: usize = 64 * 1024;

/// Splits `host:port`. Colons in brackets belong to an IPv6 address (RFC 3986 3.2.2).
fn split_authority(authority: &str) -> (&str, &str) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, ""),
    }
}

/// A literal address. Looking names up is a lesson of its own.
fn ip(host: &str) -> Result<IpAddr, String> {
    let v6 = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let parsed = match v6 {
        Some(v6) => v6.parse::<Ipv6Addr>().map(IpAddr::V6),
        None => host.parse::<Ipv4Addr>().map(IpAddr::V4),
    };
    parsed.map_err(|_| format!("{host:?} is no literal address such as 127.0.0.1 or [::1]"))
}

/// A port; none, or an empty one, is 80 (RFC 9110 4.2.1).
fn port_number(port: &str) -> Result<u16, String> {
    if port.is_empty() {
        return Ok(80);
    }
    // `parse` would take a sign too.
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    match port.parse() {
        Ok(number @ 1..) if digits => Ok(number),
        _ => Err(format!("{port:?} is no port: 1 to 65535")),
    }
}

/// Sends the request, in one write. `close` says that it is the only one (RFC 9112 9.3).
fn ask(mut stream: &TcpStream, target: &Target) -> io::Result<()> {
    let Target { path, host, .. } = target;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())
}

/// A status line and the header behind it.
struct Head {
    /// HTTP/1.0 knows no chunks.
    is_1_0: bool,
    status: u16,
    /// Names in small letters, with their values.
    fields: Vec<(String, String)>,
}

/// How to find the end of a body (RFC 9112 6.3).
#[derive(Clone, Copy)]
enum Framing {
    Empty,
    Chunked,
    Length(u64),
    ToTheEnd,
}

/// The head of the final response: any number of interim ones, 1xx, may come before (RFC 9110 15.2).
fn final_head(reader: &mut impl BufRead) -> Result<Head, Failure> {
    let mut room = MAX_HEAD;
    loop {
        let head = Head::read(reader, &mut room)?;
        match head.status {
            101 => {
                return Err(broken(
                    "the server changes to a protocol that nobody asked for",
                ));
            }
            100..200 => {}
            _ => return Ok(head),
        }
    }
}

impl Head {
    /// Reads a head through the empty line behind it.
    fn read(reader: &mut impl BufRead, room: &mut usize) -> Result<Self, Failure> {
        let status_line = next_line(reader, room)?;
        let (is_1_0, status) = status(&status_line)
            .ok_or_else(|| broken("what comes does not begin with a status line of HTTP/1"))?;
        let fields = fields(reader, room)?;
        Ok(Head {
            is_1_0,
            status,
            fields,
        })
    }

    /// The values of the field `name`, if there is such a field. Several lines of one name are
    /// one list, and empty elements of a list count for nothing (RFC 9110 5.3, 5.6.1).
    fn values(&self, name: &str) -> Option<Vec<&str>> {
        let mut lines = self
            .fields
            .iter()
            .filter(|(field, _)| field == name)
            .peekable();
        lines.peek()?;
        let values = lines.flat_map(|(_, value)| value.split(',')).map(str::trim);
        Some(values.filter(|value| !value.is_empty()).collect())
    }

    /// How to find the end of the body; the order is that of RFC 9112 6.3.
    fn framing(&self) -> Result<Framing, Failure> {
        if matches!(self.status, 204 | 304) {
            return Ok(Framing::Empty);
        }
        match (
            self.values("transfer-encoding"),
            self.values("content-length"),
        ) {
            (Some(_), _) if self.is_1_0 => Err(broken("HTTP/1.0 has no Transfer-Encoding")),
            (Some(codings), _) => match codings[..] {
                [coding] if coding.eq_ignore_ascii_case("chunked") => Ok(Framing::Chunked),
                _ => Err(broken(
                    "the body has a transfer coding that nobody asked for",
                )),
            },
            (None, Some(lengths)) => length(&lengths).map(Framing::Length),
            (None, None) => Ok(Framing::ToTheEnd),
        }
    }
}

/// The version and the code of a status line, `HTTP/1.1 404 Not Found`; the phrase may be missing.
fn status(line: &str) -> Option<(bool, u16)> {
    let (version, rest) = line.strip_prefix("HTTP/1.")?.split_once(' ')?;
    let code = rest.split(' ').next()?;
    let digits =
        |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let fits = digits(version, 1) && digits(code, 3);
    let code = code.parse().ok().filter(|code| fits && *code >= 100)?;
    Some((version == "0", code))
}

/// Reads field lines through the empty line behind them.
fn fields(reader: &mut impl BufRead, room: &mut usize) -> Result<Vec<(String, String)>, Failure> {
    let mut fields: Vec<(String, String)> = Vec::new();
    loop {
        let line = next_line(reader, room)?;
        if line.is_empty() {
            return Ok(fields);
        }
        if line.starts_with([' ', '\t']) {
            // It goes on with the value of the line before (RFC 9112 5.2).
            let (_, value) = fields
                .last_mut()
                .ok_or_else(|| broken("the header begins with a blank"))?;
            value.push(' ');
            value.push_str(line.trim());
            continue;
        }
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| broken("a header line has no colon"))?;
        if name.is_empty() || name.contains([' ', '\t']) {
            return Err(broken("a header line has no name, or a blank in it"));
        }
        fields.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

/// The next line, without its end; `room` is how many bytes may still come, line ends included.
///
/// The reader keeps what stands behind the line, and waits for what is missing: where the server
/// cuts its segments, within CR LF too, does not matter.
fn next_line(reader: &mut impl BufRead, room: &mut usize) -> Result<String, Failure> {
    let mut line = Vec::new();
    *room -= reader.take(*room as u64).read_until(b'\n', &mut line)?;
    if line.pop_if(|byte| *byte == b'\n').is_none() {
        return Err(broken(match *room {
            0 => "the header has more than 64 KiB",
            _ => "the stream ended in the middle of the header",
        }));
    }
    line.pop_if(|byte| *byte == b'\r');
    let line = String::from_utf8_lossy(&line).into_owned();
    // A bare CR has no business here (RFC 9112 2.2); nor have other controls on a terminal.
    if line.contains(|c: char| c.is_control() && c != '\t') {
        return Err(broken("the header has a control character"));
    }
    Ok(line)
}

/// The length that all values of Content-Length agree on. What is too large for 64 bits could
/// never come in full.
fn length(values: &[&str]) -> Result<u64, Failure> {
    let unclear = || broken("the Content-Length is not one number");
    let (value, others) = values.split_first().ok_or_else(unclear)?;
    // `parse` would take a sign too.
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let agreed = others.iter().all(|other| other == value);
    value
        .parse()
        .ok()
        .filter(|_| digits && agreed)
        .ok_or_else(unclear)
}

/// Writes the body to `output`, as it comes. Not a byte behind its end is waited for: the server
/// may keep the connection open.
fn copy_body(
    reader: &mut impl BufRead,
    framing: Framing,
    mut output: &Output,
) -> Result<(), Failure> {
    match framing {
        Framing::Empty => Ok(()),
        Framing::Length(length) => copy(reader, length, output),
        Framing::ToTheEnd => Ok(io::copy(reader, &mut output).map(drop)?),
        Framing::Chunked => copy_chunks(reader, output),
    }
}

/// Writes the data of chunks to `output`, through the empty line behind the last one.
fn copy_chunks(reader: &mut impl BufRead, output: &Output) -> Result<(), Failure> {
    loop {
        let mut room = MAX_HEAD;
        let size = chunk_size(&next_line(reader, &mut room)?)?;
        if size == 0 {
            // Fields may follow, trailers, which nobody here has a use for.
            return fields(reader, &mut room).map(drop);
        }
        copy(reader, size, output)?;
        end_chunk(reader)?;
    }
}

/// Reads the line end behind a chunk's data.
fn end_chunk(reader: &mut impl BufRead) -> Result<(), Failure> {
    let mut end = Vec::new();
    reader.take(2).read_until(b'\n', &mut end)?;
    match &end[..] {
        b"\r\n" | b"\n" => Ok(()),
        b"" | b"\r" => Err(broken("the body ended behind a chunk that is not the last")),
        _ => Err(broken("a chunk is longer than its size says")),
    }
}

/// The number in a chunk's first line, `1a;name=value`. What stands behind the semicolon is for
/// who knows it (RFC 9112 7.1.1).
fn chunk_size(line: &str) -> Result<u64, Failure> {
    let size = line.split(';').next().unwrap_or_default().trim_end();
    // `from_str_radix` would take a sign too.
    let digits = size.bytes().all(|byte| byte.is_ascii_hexdigit());
    match u64::from_str_radix(size, 16) {
        Ok(size) if digits => Ok(size),
        _ => Err(broken("the size of a chunk is no hexadecimal number")),
    }
}

/// Writes exactly `length` bytes to `output`.
fn copy(reader: &mut impl BufRead, length: u64, mut output: &Output) -> Result<(), Failure> {
    let copied = io::copy(&mut reader.take(length), &mut output)?;
    if copied < length {
        return Err(broken(format!(
            "the body ended after {copied} of {length} bytes"
        )));
    }
    Ok(())
}

/// The server broke the protocol.
fn broken(reason: impl Into<String>) -> Failure {
    Failure::Protocol(reason.into())
}
