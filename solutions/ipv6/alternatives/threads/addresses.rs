//! Stage 1, `addresses`: std reads whole socket addresses, zones by a detour.

use std::net::{Ipv6Addr, SocketAddrV6};

use crate::reading::{Kind, Reading};

/// What `text` says.
pub fn read(text: &str) -> Result<Reading, String> {
    if !text.starts_with('[') {
        // With brackets and any port it is what std reads.
        let reading = endpoint(&format!("[{text}]:1"))?;
        let inner = reading.canonical.strip_prefix('[');
        let inner = inner.and_then(|rest| rest.strip_suffix("]:1"));
        return Ok(Reading {
            canonical: inner.unwrap_or_default().to_owned(),
            kind: reading.kind,
        });
    }
    endpoint(text)
}

fn endpoint(text: &str) -> Result<Reading, String> {
    let no = || format!("{text} is neither an IPv6 address nor one with a port");
    // The zone is taken out, so that std sees numbers only.
    let (without, zone) = match (text.find('%'), text.find(']')) {
        (Some(from), Some(to)) if from < to => {
            let without = format!("{}{}", &text[..from], &text[to..]);
            (without, Some(&text[from + 1..to]))
        }
        _ => (text.to_owned(), None),
    };
    let addr: SocketAddrV6 = without.parse().map_err(|_| no())?;
    let port = addr.port().to_string();
    if !without.ends_with(&format!("]:{port}")) {
        return Err(no());
    }
    let ip = *addr.ip();
    let zone = match zone {
        Some(zone) if !zoned(ip) || !valid(zone) => return Err(no()),
        None | Some("0") => String::new(),
        Some(zone) => format!("%{zone}"),
    };
    Ok(Reading {
        canonical: format!("[{ip}{zone}]:{port}"),
        kind: kind(ip),
    })
}

fn valid(zone: &str) -> bool {
    !zone.is_empty() && !zone.contains(|c: char| !c.is_ascii_alphanumeric() && !"-._".contains(c))
}

fn zoned(ip: Ipv6Addr) -> bool {
    let [first, ..] = ip.segments();
    first & 0xffc0 == 0xfe80 || (first & 0xff00 == 0xff00 && first & 0xf != 0xe)
}

fn kind(ip: Ipv6Addr) -> Kind {
    let bits = u128::from(ip);
    match ip.to_ipv4_mapped() {
        Some(ipv4) => Kind::Mapped(ipv4),
        None if bits == 0 => Kind::Unspecified,
        None if bits == 1 => Kind::Loopback,
        None if bits >> 120 == 0xff => Kind::Multicast,
        None if bits >> 118 == 0xfe80 >> 6 => Kind::LinkLocal,
        None => Kind::Global,
    }
}
