//! Takes 127.0.0.1 and ::1 for the only addresses of this machine.
//!
//! stage: endpoint
//! fails: endpoint::tells_address_and_port
//!        endpoint::knows_private_blocks_to_their_edges
//!        endpoint::a_mapped_address_counts_as_what_it_holds
//! meant: endpoint::tells_address_and_port
//! says: std's Ipv4Addr says what it is

use crate::address::Endpoint;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::address::{Class, Host};

/// What `text`, `HOST:PORT` or `[IPV6]:PORT`, says. A port may be a service's name, which
/// `services` translates: the text of a file as services(5) describes it.
///
/// The error is a sentence for who typed it.
pub fn read(text: &str, services: &str) -> Result<Endpoint, String> {
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let (ip, port) = rest
            .split_once("]:")
            .ok_or_else(|| format!("{text} has no ]: between address and port"))?;
        (Host::Address(ipv6(ip)?), port)
    } else {
        // The last colon: with more than one, this is no host, and the host's part says so.
        let (host, port) = text
            .rsplit_once(':')
            .ok_or_else(|| format!("{text} has no port: HOST:PORT"))?;
        (ipv4_or_name(host)?, port)
    };
    let port = number_or_service(port, services)?;
    let (loopback, private) = match &host {
        Host::Address(ip) => {
            let own = [
                IpAddr::from(Ipv4Addr::LOCALHOST),
                Ipv6Addr::LOCALHOST.into(),
            ];
            (
                Some(own.contains(&ip.to_canonical())),
                Some(is_private(*ip)),
            )
        }
        Host::Name(_) => (None, None),
    };
    Ok(Endpoint {
        host,
        loopback,
        private,
        port,
        class: class(port),
    })
}

/// How many characters a name may have: 255 bytes on the wire, without the first length byte
/// and the root's (RFC 1035 2.3.4, 3.1).
const LONGEST_NAME: usize = 253;

/// How many characters a label of a name may have (RFC 1035 2.3.4).
const LONGEST_LABEL: usize = 63;

/// What stands between brackets: an IPv6 address without a zone (RFC 3986 3.2.2, RFC 4291 2.2).
fn ipv6(text: &str) -> Result<IpAddr, String> {
    let ip = text.parse::<Ipv6Addr>();
    ip.map(IpAddr::V6)
        .map_err(|_| format!("[{text}] is no IPv6 address"))
}

/// What stands before the colon otherwise.
fn ipv4_or_name(text: &str) -> Result<Host, String> {
    // std is as strict as RFC 3986 3.2.2: four numbers, no leading zeros. C's inet_aton(3)
    // takes 127.1 and 127.0.01 too, and reads 010 as 8.
    if let Ok(ip) = text.parse::<Ipv4Addr>() {
        return Ok(Host::Address(ip.into()));
    }
    if text.contains(':') {
        return Err(format!("an IPv6 address stands in brackets: [{text}]:PORT"));
    }
    // The dot at the end of a complete name is no part of any label.
    let name = text.strip_suffix('.').unwrap_or(text);
    let last = name.rsplit('.').next().unwrap_or(name);
    // The last label of a name is never a number, so that addresses and names can be told
    // apart (RFC 1123 2.1, RFC 3696 2).
    if !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("{text} ends in a number and is no IPv4 address"));
    }
    if name.len() > LONGEST_NAME || !name.split('.').all(is_label) {
        return Err(format!("{text:?} is neither an address nor a name"));
    }
    Ok(Host::Name(text.to_owned()))
}

/// Letters, digits, and hyphens between them (RFC 1123 2.1).
fn is_label(label: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=LONGEST_LABEL).contains(&label.len())
        && label.bytes().all(allowed)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// A port by its number, without sign and leading zeros, or by its service's name.
fn number_or_service(text: &str, services: &str) -> Result<u16, String> {
    if text.is_empty() {
        return Err("the port is missing behind the colon".to_owned());
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return service(text, services).ok_or_else(|| format!("no service is named {text:?}"));
    }
    if text.len() > 1 && text.starts_with('0') {
        return Err(format!("port {text} has a leading zero"));
    }
    text.parse()
        .map_err(|_| format!("port {text} is more than 65535"))
}

/// The port in the first line that has `name` as its service's name or an alias. The case does
/// not matter (RFC 6335 5.1).
fn service(name: &str, services: &str) -> Option<u16> {
    services.lines().find_map(|line| {
        let entry = line.split_once('#').map_or(line, |(entry, _comment)| entry);
        let mut words = entry.split_whitespace();
        let (official, port) = (words.next()?, words.next()?);
        let (port, _protocol) = port.split_once('/')?;
        let known = std::iter::once(official).chain(words);
        let mut same = known.filter(|known| known.eq_ignore_ascii_case(name));
        same.next().and_then(|_| port.parse().ok())
    })
}

/// Of the blocks for private networks: 10/8, 172.16/12 and 192.168/16 (RFC 1918 3), and
/// fc00::/7 (RFC 4193 3.1). An IPv4-mapped address stands for the IPv4 address in it.
fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_private(),
        IpAddr::V6(ip) => ip.is_unique_local(),
    }
}

/// RFC 6335 6.
fn class(port: u16) -> Class {
    match port {
        0..=1023 => Class::WellKnown,
        1024..=49151 => Class::Registered,
        49152.. => Class::Dynamic,
    }
}
