//! Stage 1, `endpoint`, with a state for each character of a port and a table for services.

use std::collections::HashMap;
use std::net::IpAddr;

use crate::address::{Class, Endpoint, Host};

/// What `text` says.
pub fn read(text: &str, services: &str) -> Result<Endpoint, String> {
    let colon = if text.starts_with('[') {
        let bracket = text.find(']').ok_or("the bracket is not closed")?;
        if text.as_bytes().get(bracket + 1) != Some(&b':') {
            return Err("a colon and a port follow the bracket".to_owned());
        }
        bracket + 1
    } else {
        let colon = text.find(':').ok_or("there is no colon")?;
        if text[colon + 1..].contains(':') {
            return Err("there is more than one colon, and no brackets".to_owned());
        }
        colon
    };
    let (host, port) = (&text[..colon], &text[colon + 1..]);
    let port = port_of(port, services)?;
    let class = if port < 1024 {
        Class::WellKnown
    } else if port < 49152 {
        Class::Registered
    } else {
        Class::Dynamic
    };
    let ip = match host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        Some(inner) => Some(IpAddr::V6(
            inner
                .parse()
                .map_err(|_| format!("{inner} is no IPv6 address"))?,
        )),
        None => match host.parse() {
            Ok(ip) => Some(IpAddr::V4(ip)),
            Err(_) if is_name(host) => None,
            Err(_) => return Err(format!("{host:?} is no host")),
        },
    };
    Ok(Endpoint {
        host: ip.map_or_else(|| Host::Name(host.to_owned()), Host::Address),
        loopback: ip.map(loopback),
        private: ip.map(private),
        port,
        class,
    })
}

/// The bytes of the IPv4 address that `ip` is or holds.
fn v4(ip: IpAddr) -> Option<[u8; 4]> {
    match ip {
        IpAddr::V4(ip) => Some(ip.octets()),
        IpAddr::V6(ip) => ip.to_ipv4_mapped().map(|ip| ip.octets()),
    }
}

fn loopback(ip: IpAddr) -> bool {
    match (v4(ip), ip) {
        (Some([first, ..]), _) => first == 127,
        (None, ip) => ip.is_loopback(),
    }
}

fn private(ip: IpAddr) -> bool {
    match (v4(ip), ip) {
        (Some([10, ..] | [172, 16..=31, ..] | [192, 168, ..]), _) => true,
        (None, IpAddr::V6(ip)) => ip.octets()[0] & 0xfe == 0xfc,
        _ => false,
    }
}

fn is_name(host: &str) -> bool {
    let host = match host.as_bytes() {
        [rest @ .., b'.'] => rest,
        all => all,
    };
    let mut labels = host.split(|byte| *byte == b'.').peekable();
    let mut last_is_number = false;
    let mut all_fine = host.len() <= 253 && labels.peek().is_some();
    for label in labels {
        last_is_number = label.iter().all(u8::is_ascii_digit);
        let inner = |(at, byte): (usize, &u8)| {
            byte.is_ascii_alphanumeric() || (*byte == b'-' && at > 0 && at + 1 < label.len())
        };
        all_fine &= !label.is_empty() && label.len() < 64 && label.iter().enumerate().all(inner);
    }
    all_fine && !last_is_number
}

fn port_of(text: &str, services: &str) -> Result<u16, String> {
    let mut number: u32 = 0;
    for (at, character) in text.chars().enumerate() {
        let Some(digit) = character.to_digit(10) else {
            let known = table(services);
            let found = known.get(&text.to_ascii_lowercase());
            return found
                .copied()
                .ok_or_else(|| format!("{text:?} is no service"));
        };
        if at > 0 && number == 0 {
            return Err("a port has no leading zero".to_owned());
        }
        number = number.saturating_mul(10).saturating_add(digit);
    }
    if text.is_empty() {
        return Err("there is no port".to_owned());
    }
    u16::try_from(number).map_err(|_| format!("{text} is no port: 65535 is the last"))
}

/// Every name and alias of the file with its number; the first of each stands.
fn table(services: &str) -> HashMap<String, u16> {
    let mut known = HashMap::new();
    for line in services.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let [name, number, aliases @ ..] = &words[..] else {
            continue;
        };
        let Some(Ok(port)) = number.split('/').next().map(str::parse) else {
            continue;
        };
        for word in aliases.iter().chain([name]) {
            known.entry(word.to_ascii_lowercase()).or_insert(port);
        }
    }
    known
}
