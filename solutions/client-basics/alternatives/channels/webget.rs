//! `webget`, read line by line and copied by `take`, with everything in bytes.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};

use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub addr: SocketAddr,
    pub host: String,
    pub path: String,
}

const HEADER: u64 = 64 * 1024;

pub fn parse(url: &str) -> Result<Target, String> {
    let no = |why: &str| Err(why.to_owned());
    if url.bytes().any(|b| b <= b' ' || b >= 0x7f) {
        return no("it holds a blank or another character that has to be escaped");
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return no("it is not http://...");
    };
    if scheme.to_ascii_lowercase() != "http" {
        return no("only http is spoken here");
    }
    let rest = rest.split('#').next().unwrap_or(rest);
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    let path = match &rest[authority.len()..] {
        path if path.starts_with('/') => path.to_owned(),
        query => "/".to_owned() + query,
    };
    let (host, port) = if authority.starts_with('[') {
        let Some((v6, behind)) = authority[1..].split_once(']') else {
            return no("a bracket is not closed");
        };
        (&authority[..v6.len() + 2], behind)
    } else {
        let end = authority.find(':').unwrap_or(authority.len());
        authority.split_at(end)
    };
    let port: u16 = match port.strip_prefix(':') {
        None if port.is_empty() => 80,
        Some("") => 80,
        Some(port) if !port.starts_with('+') => {
            port.parse().map_err(|_| "the port is no number")?
        }
        _ => return no("something odd stands behind the host"),
    };
    if port == 0 {
        return no("there is no port 0");
    }
    let bare = host.trim_matches(['[', ']']);
    let addr: SocketAddr = match (
        host.starts_with('['),
        bare.parse::<Ipv6Addr>(),
        bare.parse::<Ipv4Addr>(),
    ) {
        (true, Ok(v6), _) => (v6, port).into(),
        (false, _, Ok(v4)) => (v4, port).into(),
        _ => return no("the host is no literal address"),
    };
    Ok(Target {
        addr,
        host: if port == 80 {
            host.to_owned()
        } else {
            format!("{host}:{port}")
        },
        path,
    })
}

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn get(stream: &TcpStream, target: &Target, output: &Output) -> Result<(), Failure> {
    let mut request = Vec::new();
    write!(request, "GET {} HTTP/1.1\r\n", target.path)?;
    write!(request, "Host: {}\r\nUser-Agent: webget\r\n", target.host)?;
    request.extend(b"Connection: close\r\n\r\n");
    (&*stream).write_all(&request)?;

    let mut server = BufReader::new(stream);
    let mut room = HEADER;
    loop {
        let head = header(&mut server, &mut room)?;
        let (status_line, fields) = head.split_first().ok_or_else(|| cut_off("the response"))?;
        let (minor, status) = status(status_line)?;
        if status < 200 {
            continue;
        }
        eprintln!("{}", String::from_utf8_lossy(status_line));
        body(&mut server, status, minor, fields, output)?;
        return match status {
            ..400 => Ok(()),
            _ => Err(Failure::Failed(format!("{status} is an error"))),
        };
    }
}

/// The lines up to the empty one; what a line has in continuation is joined to it.
fn header(server: &mut impl BufRead, room: &mut u64) -> Result<Vec<Vec<u8>>, Failure> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    loop {
        let line = line(server, room)?;
        match line.first() {
            None => return Ok(lines),
            Some(b' ' | b'\t') if lines.len() > 1 => {
                let last = lines.len() - 1;
                lines[last].push(b' ');
                lines[last].extend(line);
            }
            Some(_) if lines.is_empty() || line.contains(&b':') => lines.push(line),
            Some(_) => return Err(broken("a line of the header is none")),
        }
    }
}

fn line(server: &mut impl BufRead, room: &mut u64) -> Result<Vec<u8>, Failure> {
    let mut line = Vec::new();
    *room -= server.take(*room).read_until(b'\n', &mut line)? as u64;
    match (line.pop(), *room) {
        (Some(b'\n'), _) => {
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            Ok(line)
        }
        (_, 0) => Err(broken("more header than anyone needs")),
        _ => Err(cut_off("a line")),
    }
}

fn status(line: &[u8]) -> Result<(u8, u16), Failure> {
    match line {
        [
            b'H',
            b'T',
            b'T',
            b'P',
            b'/',
            b'1',
            b'.',
            minor @ b'0'..=b'9',
            b' ',
            a @ b'1'..=b'9',
            b @ b'0'..=b'9',
            c @ b'0'..=b'9',
            rest @ ..,
        ] if rest.is_empty() || rest[0] == b' ' => {
            let digit = |byte: &u8| u16::from(byte - b'0');
            match digit(a) * 100 + digit(b) * 10 + digit(c) {
                101 => Err(broken("the protocol is not to be changed")),
                status => Ok((minor - b'0', status)),
            }
        }
        _ => Err(broken("no status line")),
    }
}

fn values(fields: &[Vec<u8>], name: &[u8]) -> Vec<Vec<u8>> {
    let mut values = Vec::new();
    for field in fields {
        let colon = field.iter().position(|byte| *byte == b':').unwrap_or(0);
        if field[..colon].eq_ignore_ascii_case(name) {
            let list = field[colon + 1..].split(|byte| *byte == b',');
            values.extend(list.map(|value| value.trim_ascii().to_ascii_lowercase()));
        }
    }
    values
}

fn body(
    server: &mut impl BufRead,
    status: u16,
    minor: u8,
    fields: &[Vec<u8>],
    output: &Output,
) -> Result<(), Failure> {
    if matches!(status, 204 | 304) {
        return Ok(());
    }
    let codings = values(fields, b"transfer-encoding");
    if !codings.is_empty() {
        if codings != [b"chunked"] || minor == 0 {
            return Err(broken("the body is coded in a way that nobody here knows"));
        }
        return chunks(server, output);
    }
    let mut lengths = values(fields, b"content-length");
    lengths.dedup();
    match &lengths[..] {
        [] => {
            let mut output = output;
            io::copy(server, &mut output)?;
            Ok(())
        }
        [length] => pass(server, number(length, 10)?, output),
        _ => Err(broken("there are two lengths")),
    }
}

fn chunks(server: &mut impl BufRead, output: &Output) -> Result<(), Failure> {
    loop {
        let mut room = HEADER;
        let line = line(server, &mut room)?;
        let size = line.split(|byte| *byte == b';').next().unwrap_or_default();
        let size = number(size.trim_ascii_end(), 16)?;
        if size == 0 {
            while !self::line(server, &mut room)?.is_empty() {}
            return Ok(());
        }
        pass(server, size, output)?;
        let mut end = [0; 2];
        match server.read_exact(&mut end) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(cut_off("a chunk"));
            }
            outcome => outcome?,
        }
        if end != *b"\r\n" {
            return Err(broken("behind a chunk stands no line end"));
        }
    }
}

/// A number of digits only; to std's functions a sign would do, too.
fn number(digits: &[u8], base: u32) -> Result<u64, Failure> {
    let text = str::from_utf8(digits).unwrap_or_default();
    let all = !text.is_empty() && text.chars().all(|c| c.is_digit(base));
    match u64::from_str_radix(text, base) {
        Ok(number) if all => Ok(number),
        _ => Err(broken("a number is none")),
    }
}

fn pass(server: &mut impl BufRead, length: u64, mut output: &Output) -> Result<(), Failure> {
    match length - io::copy(&mut server.take(length), &mut output)? {
        0 => Ok(()),
        missing => Err(Failure::Protocol(format!("{missing} bytes did not come"))),
    }
}

fn broken(why: &str) -> Failure {
    Failure::Protocol(format!("this is no HTTP: {why}"))
}

fn cut_off(what: &str) -> Failure {
    Failure::Protocol(format!("{what} is cut off"))
}
