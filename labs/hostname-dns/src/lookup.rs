//! Stage 2, `lookup`: find a name's addresses without asking anyone.
//!
//! What is asked: docs/src/labs/hostname-dns.md#lookup

use std::io;
use std::net::IpAddr;

use crate::address::Wanted;

/// The addresses of `name` that are `wanted`: an address's own, those that `hosts` gives, in its
/// order, or loopback for `localhost`. `hosts` is the text of a file as hosts(5) describes it.
///
/// Nothing is found when nothing is returned.
pub fn addresses(name: &str, wanted: Wanted, hosts: &str) -> Vec<IpAddr> {
    let _ = hosts;
    todo!("find the addresses of {name:?} in `hosts`, as far as they are wanted: {wanted:?}")
}

/// The name that this machine calls itself, gethostname(2).
pub fn own_name() -> io::Result<String> {
    todo!("ask the kernel for this machine's name: berkeley has a call for it")
}
