//! Is content with the first line that has the name.
//! stage: lookup
//! fails: lookup::finds_every_address_in_order
//!        lookup::comments_blanks_and_case_do_not_count
//!        lookup::families_can_be_asked_for
//! meant: lookup::finds_every_address_in_order
//! says: every line that has the name as one of them

use std::io;
use std::net::IpAddr;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::address::Wanted;

/// The addresses of `name` that are `wanted`: an address's own, those that `hosts` gives, in its
/// order, or loopback for `localhost`. `hosts` is the text of a file as hosts(5) describes it.
///
/// Nothing is found when nothing is returned.
pub fn addresses(name: &str, wanted: Wanted, hosts: &str) -> Vec<IpAddr> {
    let mut found = all_addresses(name, hosts);
    found.retain(|ip| match wanted {
        Wanted::Ipv4 => ip.is_ipv4(),
        Wanted::Ipv6 => ip.is_ipv6(),
        Wanted::Both => true,
    });
    found
}

/// The name that this machine calls itself, gethostname(2).
pub fn own_name() -> io::Result<String> {
    berkeley::gethostname()
}

/// As [`addresses`], of both families.
fn all_addresses(name: &str, hosts: &str) -> Vec<IpAddr> {
    if let Ok(ip) = name.parse() {
        return vec![ip];
    }
    // A dot at the end only says that the name is complete (RFC 1034 3.1).
    let name = name.strip_suffix('.').unwrap_or(name);
    let in_file: Vec<IpAddr> = hosts
        .lines()
        .find_map(|line| entry(line, name))
        .into_iter()
        .collect();
    if in_file.is_empty() && is_localhost(name) {
        return vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    }
    in_file
}

/// The address of a line of the file, if the line names `name`: as canonical name or as alias,
/// in any case.
fn entry(line: &str, name: &str) -> Option<IpAddr> {
    let entry = line.split_once('#').map_or(line, |(entry, _comment)| entry);
    let mut fields = entry.split_whitespace();
    let ip = fields.next()?.parse().ok()?;
    fields
        .any(|known| known.eq_ignore_ascii_case(name))
        .then_some(ip)
}

/// `localhost`, and every name below it (RFC 6761 6.3).
fn is_localhost(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    last.eq_ignore_ascii_case("localhost")
}
