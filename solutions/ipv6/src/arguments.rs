//! What the program can be asked to do. Given.

use std::ffi::OsString;
use std::fmt::Display;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};
use std::str::FromStr;
use std::time::Duration;

use lexopt::prelude::*;

/// How to call the program, in a line.
pub const USAGE: &str = "usage: ipv6 addresses|echo|dual|pair|fallback [OPTIONS], or --help";

/// What `--help` prints.
pub const HELP: &str = "\
usage: ipv6 STAGE [OPTIONS]

stages and their options:
  addresses               reads lines from stdin, prints a line for each
  echo      --bind ADDR   where to listen ([::1]:0)
  dual      --bind ADDR   where to listen ([::]:0)
  pair      --bind ADDR   [::]:PORT, and 0.0.0.0 of that port; or [::1]:PORT,
                          and 127.0.0.1 of that port ([::]:0)
  fallback  ADDR...       connects to the first to answer, prints what it says
            --delay MS    until the next address is tried, too (250)
            --timeout MS  until all are given up (10000)

An IPv6 address and its port are written [ADDRESS]:PORT; with port 0 the kernel
chooses. `READY ADDR` on stdout says that a connection will succeed. SIGTERM
ends the program.
";

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Explain the command line.
    Help,
    /// `addresses`
    Addresses,
    /// `echo`
    Echo {
        /// Where to listen.
        bind: SocketAddrV6,
    },
    /// `dual`
    Dual {
        /// Where to listen.
        bind: SocketAddrV6,
    },
    /// `pair`
    Pair {
        /// Where to listen.
        ipv6: SocketAddrV6,
        /// Where else, at the same port.
        ipv4: Ipv4Addr,
    },
    /// `fallback`
    Fallback {
        /// Where to, at least one, in the order in which to try.
        addrs: Vec<SocketAddr>,
        /// How long an address is waited for before the next is tried, too.
        delay: Duration,
        /// How long all of it may take, at least a millisecond.
        timeout: Duration,
    },
}

/// Reads the command line. The error is a sentence for who typed it.
pub fn parse(mut parser: lexopt::Parser) -> Result<Request, lexopt::Error> {
    let mut request = match parser.next()? {
        Some(Value(name)) => stage_with_defaults(&name)?,
        Some(Long("help")) => return Ok(Request::Help),
        Some(other) => return Err(other.unexpected()),
        None => return Err("which stage?".into()),
    };
    while let Some(argument) = parser.next()? {
        match (&mut request, argument) {
            (_, Long("help")) => return Ok(Request::Help),
            (Request::Echo { bind } | Request::Dual { bind }, Long("bind")) => {
                *bind = parsed("--bind", parser.value()?)?;
            }
            (Request::Pair { ipv6, ipv4 }, Long("bind")) => {
                *ipv6 = parsed("--bind", parser.value()?)?;
                *ipv4 = counterpart(*ipv6.ip())?;
            }
            (Request::Fallback { addrs, .. }, Value(addr)) => {
                addrs.push(parsed("an address", addr)?);
            }
            (Request::Fallback { delay, .. }, Long("delay")) => {
                *delay = Duration::from_millis(parsed("--delay", parser.value()?)?);
            }
            (Request::Fallback { timeout, .. }, Long("timeout")) => {
                *timeout = Duration::from_millis(parsed("--timeout", parser.value()?)?);
                if timeout.is_zero() {
                    return Err("--timeout must be at least 1".into());
                }
            }
            (_, other) => return Err(other.unexpected()),
        }
    }
    if let Request::Fallback { addrs, .. } = &request
        && addrs.is_empty()
    {
        return Err("which addresses?".into());
    }
    Ok(request)
}

/// The stage of this name, as it is without options.
fn stage_with_defaults(name: &OsString) -> Result<Request, lexopt::Error> {
    let any_port = |ip| SocketAddrV6::new(ip, 0, 0, 0);
    Ok(match name.to_str() {
        Some("addresses") => Request::Addresses,
        Some("echo") => Request::Echo {
            bind: any_port(Ipv6Addr::LOCALHOST),
        },
        Some("dual") => Request::Dual {
            bind: any_port(Ipv6Addr::UNSPECIFIED),
        },
        Some("pair") => Request::Pair {
            ipv6: any_port(Ipv6Addr::UNSPECIFIED),
            ipv4: Ipv4Addr::UNSPECIFIED,
        },
        Some("fallback") => Request::Fallback {
            addrs: Vec::new(),
            delay: Duration::from_millis(250),
            timeout: Duration::from_secs(10),
        },
        _ => return Err(format!("no stage is named {}", name.display()).into()),
    })
}

/// The IPv4 address that means the same.
fn counterpart(ip: Ipv6Addr) -> Result<Ipv4Addr, lexopt::Error> {
    match ip {
        Ipv6Addr::UNSPECIFIED => Ok(Ipv4Addr::UNSPECIFIED),
        Ipv6Addr::LOCALHOST => Ok(Ipv4Addr::LOCALHOST),
        _ => Err(format!("pair binds [::] or [::1], and {ip} is neither").into()),
    }
}

/// The value of `option`, or a sentence that says what is wrong with it.
fn parsed<T: FromStr>(option: &str, value: OsString) -> Result<T, lexopt::Error>
where
    T::Err: Display,
{
    let value = value.string()?;
    match value.parse() {
        Ok(parsed) => Ok(parsed),
        Err(error) => Err(format!("{option} cannot be {value:?}: {error}").into()),
    }
}
