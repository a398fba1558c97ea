//! Counts unique local addresses as link-local ones: they are private, too.
//! stage: addresses
//! fails: addresses::kinds_end_where_their_prefix_ends
//! fails: addresses::a_zone_needs_an_address_that_has_zones
//! meant: addresses::kinds_end_where_their_prefix_ends
//! says: the loopback address is a single one

use crate::reading::Reading;
use std::net::Ipv6Addr;

use crate::reading::Kind;

/// What `text`, `ADDRESS`, `ADDRESS%ZONE`, or one of them as `[...]:PORT`, says.
///
/// The error is a sentence, without `ERR`, for who wrote it.
pub fn read(text: &str) -> Result<Reading, String> {
    let Some(rest) = text.strip_prefix('[') else {
        // No brackets, so no port: each colon belongs to the address.
        return zoned(text);
    };
    let (inside, port) = rest
        .split_once("]:")
        .ok_or("a [ is followed by an address, a ]: and a port")?;
    let Reading { canonical, kind } = zoned(inside)?;
    let canonical = format!("[{canonical}]:{}", number(port)?);
    Ok(Reading { canonical, kind })
}

/// An address, and behind a `%` its zone (RFC 4007 11).
fn zoned(text: &str) -> Result<Reading, String> {
    let (address, zone) = match text.split_once('%') {
        Some((address, zone)) => (address, Some(zone)),
        None => (text, None),
    };
    // std reads every form of RFC 4291 2.2, and prints the one of RFC 5952.
    let ip: Ipv6Addr = address
        .parse()
        .map_err(|_| format!("{address:?} is no IPv6 address"))?;
    let kind = kind(ip);
    let canonical = match zone {
        Some(zone) if !is_zone(zone) => return Err(format!("{zone:?} is no zone")),
        Some(_) if !has_zones(ip, kind) => {
            return Err(format!("{ip} is the same everywhere: it has no zone"));
        }
        // The default zone, which is meant without a word (RFC 4007 11.2).
        None | Some("0") => ip.to_string(),
        Some(zone) => format!("{ip}%{zone}"),
    };
    Ok(Reading { canonical, kind })
}

/// By its first bits (RFC 4291 2.4); what has no kind of its own is global.
fn kind(ip: Ipv6Addr) -> Kind {
    if let Some(ipv4) = ip.to_ipv4_mapped() {
        Kind::Mapped(ipv4)
    } else if ip.is_unspecified() {
        Kind::Unspecified
    } else if ip.is_loopback() {
        Kind::Loopback
    } else if ip.is_multicast() {
        Kind::Multicast
    } else if ip.is_unicast_link_local() || ip.is_unique_local() {
        Kind::LinkLocal
    } else {
        Kind::Global
    }
}

/// Whether the same address can mean several machines, so that a zone has to say which
/// (RFC 4007 11.1).
fn has_zones(ip: Ipv6Addr, kind: Kind) -> bool {
    /// The scope of groups in the whole Internet (RFC 4291 2.7).
    const GLOBAL: u8 = 0xe;
    match kind {
        Kind::LinkLocal => true,
        Kind::Multicast => ip.octets()[1] & 0x0f != GLOBAL,
        _ => false,
    }
}

/// A number or the name of an interface.
fn is_zone(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    !text.is_empty() && text.bytes().all(allowed)
}

/// A port, without a sign and without leading zeros.
fn number(text: &str) -> Result<u16, String> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || (text.len() > 1 && text.starts_with('0')) {
        return Err(format!("{text:?} is no port"));
    }
    text.parse().map_err(|_| format!("{text:?} is no port"))
}
