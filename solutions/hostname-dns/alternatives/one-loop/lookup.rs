//! Stage 2, `lookup`, line by line with words in a list.

use std::io;
use std::net::IpAddr;

use crate::address::Wanted;

/// The addresses of `name` that are `wanted`.
pub fn addresses(name: &str, wanted: Wanted, hosts: &str) -> Vec<IpAddr> {
    let mut found = Vec::new();
    match name.parse::<IpAddr>() {
        Ok(ip) => found.push(ip),
        Err(_) => {
            let mut name = name.to_lowercase();
            if name.ends_with('.') {
                name.pop();
            }
            for line in hosts.lines() {
                let before = line.split('#').next().unwrap_or("").to_lowercase();
                let words: Vec<&str> = before.split_whitespace().collect();
                if let Some((first, names)) = words.split_first()
                    && names.contains(&name.as_str())
                    && let Ok(ip) = first.parse()
                {
                    found.push(ip);
                }
            }
            let labels: Vec<&str> = name.split('.').collect();
            if found.is_empty() && labels.last() == Some(&"localhost") {
                found.extend(
                    ["127.0.0.1", "::1"]
                        .into_iter()
                        .flat_map(str::parse::<IpAddr>),
                );
            }
        }
    }
    if wanted != Wanted::Both {
        found.retain(|ip| ip.is_ipv6() == (wanted == Wanted::Ipv6));
    }
    found
}

/// This machine's name.
pub fn own_name() -> io::Result<String> {
    let name = berkeley::gethostname()?;
    Ok(name)
}
