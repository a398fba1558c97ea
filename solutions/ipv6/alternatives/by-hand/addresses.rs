//! Stage 1, `addresses`, group by group, without the help of std.

use std::net::Ipv4Addr;

use crate::reading::{Kind, Reading};

/// What `text` says.
pub fn read(text: &str) -> Result<Reading, String> {
    match text.strip_prefix('[').map(|rest| rest.rsplit_once("]:")) {
        Some(Some((address, port))) => {
            let mut reading = with_zone(address)?;
            let port = read_port(port).ok_or_else(|| format!("{port:?} is no port"))?;
            reading.canonical = format!("[{}]:{port}", reading.canonical);
            Ok(reading)
        }
        Some(None) => Err("a bracket needs its end, and a port behind it".to_owned()),
        None => with_zone(text),
    }
}

fn with_zone(text: &str) -> Result<Reading, String> {
    let mut parts = text.splitn(2, '%');
    let address = parts.next().unwrap_or_default();
    let groups = read_groups(address).ok_or_else(|| format!("{address:?} is no address"))?;
    let kind = kind(&groups);
    let mut canonical = write(&groups, kind);
    if let Some(zone) = parts.next() {
        let scope = groups[0] & 0xf;
        let zoned = match kind {
            Kind::LinkLocal => true,
            Kind::Multicast => scope != 14,
            _ => false,
        };
        let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        if !zoned || zone.is_empty() || !zone.chars().all(letters) {
            return Err(format!("{address} cannot have the zone {zone:?}"));
        }
        if zone != "0" {
            canonical = canonical + "%" + zone;
        }
    }
    Ok(Reading { canonical, kind })
}

/// The groups on either side of `::`, filled up with zeros.
fn read_groups(text: &str) -> Option<[u16; 8]> {
    let (front, back) = match text.split_once("::") {
        Some((front, back)) => (side(front)?, Some(side(back)?)),
        None => (side(text)?, None),
    };
    let count = front.len() + back.as_ref().map_or(0, Vec::len);
    // A :: stands for one group of zeros at least.
    if count > 8 || (back.is_none() && count != 8) || (back.is_some() && count == 8) {
        return None;
    }
    // Dots belong at the very end.
    if back.is_some()
        && text
            .split("::")
            .next()
            .is_some_and(|front| front.contains('.'))
    {
        return None;
    }
    let mut groups = [0; 8];
    groups[..front.len()].copy_from_slice(&front);
    if let Some(back) = back {
        groups[8 - back.len()..].copy_from_slice(&back);
    }
    Some(groups)
}

/// Groups with colons between them; the last may be an IPv4 address, which is two.
fn side(text: &str) -> Option<Vec<u16>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    let mut groups = Vec::new();
    let mut words = text.split(':').peekable();
    while let Some(word) = words.next() {
        if word.contains('.') && words.peek().is_none() {
            let [a, b, c, d] = word.parse::<Ipv4Addr>().ok()?.octets();
            groups.push(u16::from_be_bytes([a, b]));
            groups.push(u16::from_be_bytes([c, d]));
        } else if (1..=4).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_hexdigit()) {
            groups.push(u16::from_str_radix(word, 16).ok()?);
        } else {
            return None;
        }
    }
    Some(groups)
}

fn kind(groups: &[u16; 8]) -> Kind {
    let [a, b] = [groups[6].to_be_bytes(), groups[7].to_be_bytes()];
    match *groups {
        [0, 0, 0, 0, 0, 0, 0, 0] => Kind::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => Kind::Loopback,
        [0, 0, 0, 0, 0, 0xffff, ..] => Kind::Mapped(Ipv4Addr::new(a[0], a[1], b[0], b[1])),
        [first, ..] if first >= 0xff00 => Kind::Multicast,
        [0xfe80..=0xfebf, ..] => Kind::LinkLocal,
        _ => Kind::Global,
    }
}

fn write(groups: &[u16; 8], kind: Kind) -> String {
    if let Kind::Mapped(ipv4) = kind {
        return format!("::ffff:{ipv4}");
    }
    let hex: Vec<String> = groups.iter().map(|group| format!("{group:x}")).collect();
    // The longest run first, and of equals the leftmost.
    for length in (2..=8).rev() {
        for start in 0..=8 - length {
            if groups[start..start + length]
                .iter()
                .all(|group| *group == 0)
            {
                let (front, back) = (hex[..start].join(":"), hex[start + length..].join(":"));
                return format!("{front}::{back}");
            }
        }
    }
    hex.join(":")
}

fn read_port(text: &str) -> Option<u16> {
    let port: u16 = text.parse().ok()?;
    (port.to_string() == text).then_some(port)
}
