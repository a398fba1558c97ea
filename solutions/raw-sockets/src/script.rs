//! The scripts of `checksum` and `packets`: each line asks for something, and is answered by one. Given.
//!
//! ```text
//! bytes = 1*( 2HEXDIG ) / "-"                    ; "-" is no byte
//!
//! ; checksum
//! line  = "sum" 1*( SP bytes )                   ; of the pieces, one after the other
//!       / "verify" 1*( SP bytes )
//! answer = 4HEXDIG / "intact" / "damaged"
//!
//! ; packets
//! line  = "ipv4" SP bytes
//!       / "icmp" SP bytes
//!       / "icmpv6" SP address SP address SP bytes            ; source and destination first
//!       / "make-ipv4" SP address SP address SP ttl SP protocol SP offset SP ( "more" / "last" ) SP bytes
//!       / "make-request" SP id SP sequence SP bytes
//!       / "make-request-v6" SP address SP address SP id SP sequence SP bytes
//! answer = "bad"                                             ; the reason is on stderr
//!        / "ipv4" SP address SP address SP "ttl" SP ttl SP "protocol" SP protocol
//!          SP "offset" SP offset SP ( "more" / "last" ) SP bytes
//!        / ( "request" / "reply" ) SP id SP sequence SP bytes
//!        / ( "unreachable" / "time-exceeded" ) SP code SP "quotes" SP address SP address
//!          SP "protocol" SP protocol SP bytes
//!        / "other" SP type
//!        / bytes
//! ```

use std::fmt::Display;
use std::io::{self, BufRead, ErrorKind, Write};
use std::str::FromStr;

use crate::checksum;
use crate::hexadecimal::{read, written};
use crate::packets::{self, Echo, Icmp, Ipv4, Malformed, Quoted};

/// Answers each line of a script as it comes, by `answer`. A line that asks for nothing known is an
/// error of kind `InvalidInput`.
pub fn play(
    script: impl BufRead,
    out: &mut impl Write,
    answer: fn(&[&str]) -> Result<String, String>,
) -> io::Result<()> {
    for line in script.lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        if words.is_empty() {
            continue;
        }
        let said = answer(&words).map_err(|why| io::Error::new(ErrorKind::InvalidInput, why))?;
        writeln!(out, "{said}")?;
        out.flush()?;
    }
    Ok(())
}

/// Answers a line of `checksum`.
pub fn checksum(words: &[&str]) -> Result<String, String> {
    let pieces = |words: &[&str]| -> Result<Vec<Vec<u8>>, String> {
        words.iter().map(|word| read(word)).collect()
    };
    match *words {
        ["sum", _, ..] => {
            let pieces = pieces(&words[1..])?;
            let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
            Ok(format!("{:04x}", checksum::checksum(&pieces)))
        }
        ["verify", _, ..] => {
            let pieces = pieces(&words[1..])?;
            let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
            let intact = checksum::is_intact(&pieces);
            Ok(if intact { "intact" } else { "damaged" }.to_owned())
        }
        _ => Err(unknown(words)),
    }
}

/// Answers a line of `packets`.
pub fn packets(words: &[&str]) -> Result<String, String> {
    match *words {
        ["ipv4", bytes] => Ok(told(packets::ipv4(&read(bytes)?), ipv4)),
        ["icmp", bytes] => Ok(told(packets::icmp(&read(bytes)?), icmp)),
        ["icmpv6", source, destination, bytes] => {
            let (source, destination) = (value(source)?, value(destination)?);
            let bytes = read(bytes)?;
            Ok(told(packets::icmpv6(&bytes, source, destination), icmp))
        }
        [
            "make-ipv4",
            source,
            destination,
            ttl,
            protocol,
            offset,
            more @ ("more" | "last"),
            bytes,
        ] => {
            let payload = read(bytes)?;
            let packet = Ipv4 {
                source: value(source)?,
                destination: value(destination)?,
                ttl: value(ttl)?,
                protocol: value(protocol)?,
                offset: value(offset)?,
                more: more == "more",
                payload: &payload,
            };
            Ok(written(&packets::ipv4_packet(&packet)))
        }
        ["make-request", id, sequence, bytes] => {
            let data = read(bytes)?;
            let echo = Echo {
                id: value(id)?,
                sequence: value(sequence)?,
                data: &data,
            };
            Ok(written(&packets::echo_request(&echo)))
        }
        ["make-request-v6", source, destination, id, sequence, bytes] => {
            let data = read(bytes)?;
            let echo = Echo {
                id: value(id)?,
                sequence: value(sequence)?,
                data: &data,
            };
            let (source, destination) = (value(source)?, value(destination)?);
            Ok(written(&packets::echo_request_v6(
                &echo,
                source,
                destination,
            )))
        }
        _ => Err(unknown(words)),
    }
}

/// What was read, or that it was not.
fn told<T>(read: Result<T, Malformed>, tell: fn(&T) -> String) -> String {
    match read {
        Ok(read) => tell(&read),
        Err(Malformed(why)) => {
            eprintln!("raw-sockets: {why}");
            "bad".to_owned()
        }
    }
}

fn ipv4(packet: &Ipv4) -> String {
    format!(
        "ipv4 {} {} ttl {} protocol {} offset {} {} {}",
        packet.source,
        packet.destination,
        packet.ttl,
        packet.protocol,
        packet.offset,
        if packet.more { "more" } else { "last" },
        written(packet.payload)
    )
}

fn icmp(message: &Icmp) -> String {
    let echo = |name: &str, echo: &Echo| {
        let data = written(echo.data);
        format!("{name} {} {} {data}", echo.id, echo.sequence)
    };
    let quote = |name: &str, code: u8, quoted: &Quoted| {
        format!(
            "{name} {code} quotes {} {} protocol {} {}",
            quoted.source,
            quoted.destination,
            quoted.protocol,
            written(quoted.head)
        )
    };
    match message {
        Icmp::EchoRequest(said) => echo("request", said),
        Icmp::EchoReply(said) => echo("reply", said),
        Icmp::Unreachable { code, quoted } => quote("unreachable", *code, quoted),
        Icmp::TimeExceeded { code, quoted } => quote("time-exceeded", *code, quoted),
        Icmp::Other(kind) => format!("other {kind}"),
    }
}

fn unknown(words: &[&str]) -> String {
    format!("this is no line of a script: {}", words.join(" "))
}

/// A word as what it stands for.
fn value<T: FromStr>(word: &str) -> Result<T, String>
where
    T::Err: Display,
{
    word.parse()
        .map_err(|error| format!("{word:?} cannot be read: {error}"))
}
