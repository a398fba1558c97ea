//! Names of machines: `gethostname`, `gethostbyname`, `getaddrinfo`.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};

/// Tells the name that this machine calls itself: `man 2 gethostname`.
///
/// It is a label that the administrator chose: often no name that DNS knows, and no good
/// argument of `bind` (on many systems it resolves to 127.0.1.1, or to nothing).
///
/// The only error is a name that is no UTF-8, `InvalidData`.
///
/// **`std` instead:** nothing that is stable.
pub fn gethostname() -> io::Result<String> {
    let system = rustix::system::uname();
    let name = system.nodename().to_str();
    Ok(name
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?
        .to_owned())
}

/// Finds the IPv4 addresses of a name, the way of 1983: `man 3 gethostbyname`.
///
/// `name` is a name, or an address as text. The system's resolver answers: it looks in
/// `/etc/hosts`, then asks DNS, and waits for it, as long as `resolv.conf(5)` says. At least one
/// address is returned.
///
/// POSIX has removed the call: it knows IPv4 only, and in C its answer lies in a buffer that the
/// next call overwrites. Use [`getaddrinfo`].
///
/// Errors are those of [`getaddrinfo`], and `NotFound` for a name that has no IPv4 address
/// (`NO_DATA`).
///
/// **`std` instead:** none for IPv4 alone.
pub fn gethostbyname(name: &str) -> io::Result<Vec<Ipv4Addr>> {
    let found: Vec<_> = getaddrinfo(name, 0)?
        .into_iter()
        .filter_map(|addr| match addr.ip() {
            IpAddr::V4(ip) => Some(ip),
            IpAddr::V6(_) => None,
        })
        .collect();
    if found.is_empty() {
        let why = format!("{name} has no IPv4 address");
        return Err(io::Error::new(io::ErrorKind::NotFound, why));
    }
    Ok(found)
}

/// Finds the addresses of a name, of both families: `man 3 getaddrinfo`.
///
/// `host` is a name, or an address as text; `port` is put into each address as it is. Returns
/// them in the order in which they should be tried (RFC 6724): when one cannot be connected to,
/// try the next.
///
/// C's call also takes a service's name instead of the port, and hints; `std`, which this is made
/// of, has neither.
///
/// Errors carry the resolver's text ("Name or service not known") and no code of their own:
/// they are not errnos but `EAI_` values, which `std` does not tell. `InvalidInput` is a name that
/// holds a zero byte.
///
/// **`std` instead:** [`ToSocketAddrs`], which this calls, and which `TcpStream::connect` calls
/// too when it is given a name.
pub fn getaddrinfo(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    Ok((host, port).to_socket_addrs()?.collect())
}
