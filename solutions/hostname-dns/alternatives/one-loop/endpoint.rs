//! Stage 1, `endpoint`, with std's own parser for pairs, and a look behind it.

use std::net::{IpAddr, SocketAddr};

use crate::address::{Class, Endpoint, Host};

/// What `text` says.
pub fn read(text: &str, services: &str) -> Result<Endpoint, String> {
    let (host, port_text) = text.rsplit_once(':').ok_or("HOST:PORT, please")?;
    let number = |text: &str| -> Option<u16> {
        let number = text.parse::<u16>().ok()?;
        // What is printed is what was typed: no sign, no zeros.
        (number.to_string() == text).then_some(number)
    };
    let digits = !port_text.is_empty() && port_text.bytes().all(|byte| byte.is_ascii_digit());
    let port = match number(port_text) {
        Some(port) => port,
        None if digits || port_text.is_empty() => return Err(format!("no port: {port_text:?}")),
        None => look_up(port_text, services).ok_or_else(|| format!("no service: {port_text}"))?,
    };
    let pair = format!("{host}:{port}").parse::<SocketAddr>();
    let host = match pair {
        Ok(pair) if !host.contains('%') => Host::Address(pair.ip()),
        _ => Host::Name(checked_name(host)?),
    };
    let ip = match &host {
        Host::Address(IpAddr::V6(ip)) => Some(ip.to_canonical()),
        Host::Address(ip) => Some(*ip),
        Host::Name(_) => None,
    };
    Ok(Endpoint {
        loopback: ip.map(|ip| ip.is_loopback()),
        private: ip.map(|ip| match ip {
            IpAddr::V4(ip) => ip.is_private(),
            IpAddr::V6(ip) => ip.segments()[0] >> 9 == 0xfc >> 1,
        }),
        host,
        port,
        class: [Class::WellKnown, Class::Registered, Class::Dynamic]
            [usize::from(port >= 1024) + usize::from(port >= 49152)],
    })
}

fn look_up(service: &str, services: &str) -> Option<u16> {
    for line in services.lines() {
        let mut words = line.split('#').next()?.split_whitespace();
        let (Some(name), Some(number)) = (words.next(), words.next()) else {
            continue;
        };
        let same = |word: &str| word.to_lowercase() == service.to_lowercase();
        if same(name) || words.any(same) {
            return number.split_once('/')?.0.parse().ok();
        }
    }
    None
}

fn checked_name(host: &str) -> Result<String, String> {
    let labels: Vec<&str> = host.strip_suffix('.').unwrap_or(host).split('.').collect();
    let fine = |label: &&str| {
        let edges = [label.chars().next(), label.chars().last()];
        (1..64).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !edges.contains(&Some('-'))
    };
    let number = |label: &&str| label.chars().all(|c| c.is_ascii_digit());
    let length: usize = labels.iter().map(|label| label.len() + 1).sum();
    if length > 254 || !labels.iter().all(fine) || labels.last().is_some_and(number) {
        return Err(format!("no host: {host:?}"));
    }
    Ok(host.to_owned())
}
