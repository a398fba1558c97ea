//! Leaves it to std what a number is: `+4` is one, in a length and in a chunk's size.
//!
//! stage: webget
//! fails: webget::chunks_that_are_none_are_told
//!        webget::lengths_are_one_number
//! meant: webget::lengths_are_one_number
//! says: a Content-Length is digits alone

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};

use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub addr: SocketAddr,
    pub host: String,
    pub path: String,
}

pub fn parse(url: &str) -> Result<Target, String> {
    if !url.chars().all(|c| c.is_ascii_graphic()) {
        return Err("odd characters".into());
    }
    let (scheme, rest) = url.split_once("://").ok_or("no scheme")?;
    if !scheme.eq_ignore_ascii_case("http") {
        return Err("not http".into());
    }
    let rest = rest.split('#').next().unwrap_or(rest);
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let colon = match authority.find(']') {
        Some(bracket) => bracket + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at(colon);
    let ip: IpAddr = match host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
    {
        Some(v6) => IpAddr::V6(v6.parse().map_err(|_| "no IPv6 address")?),
        None => IpAddr::V4(host.parse().map_err(|_| "no literal address")?),
    };
    let port: u16 = match port {
        "" | ":" => 80,
        port if port.starts_with(':') && port[1..].chars().all(|c| c.is_ascii_digit()) => {
            port[1..].parse().map_err(|_| "no port")?
        }
        _ => return Err("no port".into()),
    };
    Ok(Target {
        addr: SocketAddr::new(ip, port),
        host: if port == 80 {
            host.into()
        } else {
            format!("{host}:{port}")
        },
        path: if path.starts_with('/') {
            path.into()
        } else {
            format!("/{path}")
        },
    })
}

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn get(mut stream: &TcpStream, target: &Target, output: &Output) -> Result<(), Failure> {
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        target.path, target.host
    );
    stream.write_all(request.as_bytes())?;

    let mut reader = BufReader::new(stream);
    let mut room = 65536;
    let (line, status, fields) = loop {
        let line = read_line(&mut reader, &mut room)?;
        let status = status(&line)?;
        let fields = read_fields(&mut reader, &mut room)?;
        if status >= 200 {
            break (line, status, fields);
        }
    };
    eprintln!("{line}");
    if status != 204 && status != 304 {
        print_body(&mut reader, &fields, output)?;
    }
    if status >= 400 {
        return Err(Failure::Failed(format!("the status is {status}")));
    }
    Ok(())
}

fn status(line: &str) -> Result<u16, Failure> {
    let mut words = line.splitn(3, ' ');
    let version = words.next().unwrap_or_default();
    let code = words.next().unwrap_or_default();
    match code.parse() {
        Ok(status @ 100..=999) if version.starts_with("HTTP/1.") && code.len() == 3 => Ok(status),
        _ => Err(broken("no status line")),
    }
}

fn read_line(reader: &mut impl BufRead, room: &mut usize) -> Result<String, Failure> {
    let mut line = Vec::new();
    *room -= reader.take(*room as u64).read_until(b'\n', &mut line)?;
    if line.pop() != Some(b'\n') {
        return Err(broken("a line has no end"));
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(String::from_utf8_lossy(&line).into_owned())
}

fn read_fields(reader: &mut impl BufRead, room: &mut usize) -> Result<Vec<String>, Failure> {
    let mut fields: Vec<String> = Vec::new();
    loop {
        let line = read_line(reader, room)?;
        if line.is_empty() {
            return Ok(fields);
        }
        match fields.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => last.push_str(&line),
            _ => fields.push(line),
        }
    }
}

fn values<'a>(fields: &'a [String], name: &str) -> Vec<&'a str> {
    let mut values = Vec::new();
    for field in fields {
        if let Some((found, value)) = field.split_once(':')
            && found.eq_ignore_ascii_case(name)
        {
            values.push(value.trim());
        }
    }
    values
}

fn print_body(
    reader: &mut impl BufRead,
    fields: &[String],
    mut output: &Output,
) -> Result<(), Failure> {
    let codings = values(fields, "Transfer-Encoding");
    let lengths = values(fields, "Content-Length");
    if codings.len() == 1 && codings[0].eq_ignore_ascii_case("chunked") {
        print_chunks(reader, output)
    } else if !codings.is_empty() {
        Err(broken("an unknown coding"))
    } else if let Some(length) = lengths.first() {
        if lengths.iter().any(|other| other != length) {
            return Err(broken("two lengths"));
        }
        print_part(reader, number(length, 10)?, output)
    } else {
        io::copy(reader, &mut output)?;
        Ok(())
    }
}

fn print_chunks(reader: &mut impl BufRead, output: &Output) -> Result<(), Failure> {
    loop {
        let mut room = 65536;
        let line = read_line(reader, &mut room)?;
        let size = line.split(';').next().unwrap_or_default();
        let size = number(size.trim(), 16)?;
        if size == 0 {
            read_fields(reader, &mut room)?;
            return Ok(());
        }
        print_part(reader, size, output)?;
        if !read_line(reader, &mut room)?.is_empty() {
            return Err(broken("a chunk is too long"));
        }
    }
}

fn number(text: &str, base: u32) -> Result<u64, Failure> {
    match u64::from_str_radix(text, base) {
        Ok(number) => Ok(number),
        _ => Err(broken("no number")),
    }
}

fn print_part(reader: &mut impl BufRead, length: u64, mut output: &Output) -> Result<(), Failure> {
    let printed = io::copy(&mut reader.take(length), &mut output)?;
    if printed < length {
        return Err(broken("the body is cut off"));
    }
    Ok(())
}

fn broken(reason: &str) -> Failure {
    Failure::Protocol(reason.into())
}
