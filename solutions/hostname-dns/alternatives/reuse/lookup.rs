//! Stage 2, `lookup`, with all names in one table.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;

use crate::address::Wanted;

/// The addresses of `name` that are `wanted`.
pub fn addresses(name: &str, wanted: Wanted, hosts: &str) -> Vec<IpAddr> {
    let key = |name: &str| name.trim_end_matches('.').to_ascii_lowercase();
    let mut known: HashMap<String, Vec<IpAddr>> = HashMap::new();
    for line in hosts.lines() {
        let end = line.find('#').unwrap_or(line.len());
        let mut words = line[..end].split_ascii_whitespace();
        let Some(Ok(ip)) = words.next().map(str::parse::<IpAddr>) else {
            continue;
        };
        for word in words {
            known.entry(key(word)).or_default().push(ip);
        }
    }
    let name = key(name);
    let found = match name.parse() {
        Ok(ip) => vec![ip],
        Err(_) => known.remove(&name).unwrap_or_else(|| by_definition(&name)),
    };
    let fits = |ip: &IpAddr| match wanted {
        Wanted::Both => true,
        Wanted::Ipv4 => ip.is_ipv4(),
        Wanted::Ipv6 => ip.is_ipv6(),
    };
    found.into_iter().filter(fits).collect()
}

/// What RFC 6761 6.3 says of a name that is in no file.
fn by_definition(name: &str) -> Vec<IpAddr> {
    if name == "localhost" || name.ends_with(".localhost") {
        vec![
            IpAddr::from([127, 0, 0, 1]),
            IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1_u16]),
        ]
    } else {
        Vec::new()
    }
}

/// This machine's name.
pub fn own_name() -> io::Result<String> {
    berkeley::gethostname()
}
