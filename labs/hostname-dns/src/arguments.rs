//! What the program can be asked to do. Given.

use std::ffi::OsString;
use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use lexopt::prelude::*;

use crate::address::Wanted;
use crate::record::Type;
use crate::reply::Patience;

/// How to call the program, in two lines.
pub const USAGE: &str = "\
usage: hostname-dns endpoint|lookup|encode|decode|dig|serve
       [ARGUMENTS], or --help";

/// What `--help` prints.
pub const HELP: &str = "\
usage: hostname-dns STAGE [ARGUMENTS]

stages and their arguments:
  endpoint  HOST:PORT         what can be told of it; the port may be a name
            --services FILE   a file as services(5) describes (http, https,
                              ftp, ssh, ...)
  lookup    NAME              its addresses
            --hosts FILE      a file as hosts(5) describes (/etc/hosts)
            -4, -6            only addresses of that family
  lookup    --self            this machine's own name
  encode    NAME TYPE         a query, as bytes on stdout
            --id N            its id (0)
  decode                      a message, from the bytes on stdin
            --frames          any number, each behind its length in two bytes
  dig       @ADDR NAME TYPE   asks the server at ADDR; it may lack a port (53)
            --retry-ms MS     how long to wait before asking again (1000)
            --tries N         how often to ask (3)
  serve     --zone FILE       answers about a zone, over UDP and TCP
            --bind ADDR       where (127.0.0.1:0); at port 0 the kernel chooses

Exit codes: 0 done, 1 it did not work or the answer is no, 2 called wrongly,
3 the peer broke the protocol, 4 no answer in time.
";

/// The services that `endpoint` knows without a file.
pub const SERVICES: &str = "\
ftp     21/tcp
ssh     22/tcp
telnet  23/tcp
smtp    25/tcp   mail
domain  53/tcp
domain  53/udp
http    80/tcp   www
https   443/tcp
";

/// The port of a server that is asked without one.
const DOMAIN: u16 = 53;

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Explain the command line.
    Help,
    /// `endpoint`
    Endpoint {
        /// What was typed.
        text: String,
        /// The file with the services' names.
        services: Option<PathBuf>,
    },
    /// `lookup NAME`
    Lookup {
        /// The name.
        name: String,
        /// Which of its addresses.
        wanted: Wanted,
        /// The file to look in.
        hosts: PathBuf,
    },
    /// `lookup --self`
    OwnName,
    /// `encode`
    Encode {
        /// The name to ask for.
        name: String,
        /// Which of its records.
        qtype: Type,
        /// The query's id.
        id: u16,
    },
    /// `decode`
    Decode {
        /// Whether there are many messages, each behind its length.
        frames: bool,
    },
    /// `dig`
    Dig {
        /// Whom to ask.
        server: SocketAddr,
        /// The name to ask for.
        name: String,
        /// Which of its records.
        qtype: Type,
        /// How long, and how often.
        patience: Patience,
    },
    /// `serve`
    Serve {
        /// Where.
        bind: SocketAddr,
        /// The file with the zone.
        zone: PathBuf,
    },
}

/// Reads the command line. The error is a sentence for who typed it.
pub fn parse(mut parser: lexopt::Parser) -> Result<Request, lexopt::Error> {
    let stage = match parser.next()? {
        Some(Value(name)) => name,
        Some(Long("help")) => return Ok(Request::Help),
        Some(other) => return Err(other.unexpected()),
        None => return Err("which stage?".into()),
    };
    match stage.to_str() {
        Some("endpoint") => endpoint(&mut parser),
        Some("lookup") => lookup(&mut parser),
        Some("encode") => encode(&mut parser),
        Some("decode") => decode(&mut parser),
        Some("dig") => dig(&mut parser),
        Some("serve") => serve(&mut parser),
        _ => Err(format!("no stage is named {}", stage.display()).into()),
    }
}

fn endpoint(parser: &mut lexopt::Parser) -> Result<Request, lexopt::Error> {
    let (mut text, mut services) = (None, None);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") => return Ok(Request::Help),
            Long("services") => services = Some(parser.value()?.into()),
            Value(value) if text.is_none() => text = Some(value.string()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Request::Endpoint {
        text: text.ok_or("which endpoint?")?,
        services,
    })
}

fn lookup(parser: &mut lexopt::Parser) -> Result<Request, lexopt::Error> {
    let (mut name, mut own) = (None, false);
    let (mut v4, mut v6) = (false, false);
    let mut hosts = PathBuf::from("/etc/hosts");
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") => return Ok(Request::Help),
            Long("hosts") => hosts = parser.value()?.into(),
            Long("self") => own = true,
            Short('4') => v4 = true,
            Short('6') => v6 = true,
            Value(value) if name.is_none() => name = Some(value.string()?),
            other => return Err(other.unexpected()),
        }
    }
    let wanted = match (v4, v6) {
        (true, false) => Wanted::Ipv4,
        (false, true) => Wanted::Ipv6,
        _ => Wanted::Both,
    };
    match (own, name) {
        (true, None) => Ok(Request::OwnName),
        (false, Some(name)) => Ok(Request::Lookup {
            name,
            wanted,
            hosts,
        }),
        (true, Some(_)) => Err("a name, or --self: not both".into()),
        (false, None) => Err("which name?".into()),
    }
}

fn encode(parser: &mut lexopt::Parser) -> Result<Request, lexopt::Error> {
    let (mut values, mut id) = (Vec::new(), 0);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") => return Ok(Request::Help),
            Long("id") => id = parsed("--id", parser.value()?)?,
            Value(value) => values.push(value.string()?),
            other => return Err(other.unexpected()),
        }
    }
    let [name, qtype] = exactly(values, "NAME TYPE")?;
    Ok(Request::Encode {
        name,
        qtype: qtype.parse()?,
        id,
    })
}

fn decode(parser: &mut lexopt::Parser) -> Result<Request, lexopt::Error> {
    let mut frames = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") => return Ok(Request::Help),
            Long("frames") => frames = true,
            other => return Err(other.unexpected()),
        }
    }
    Ok(Request::Decode { frames })
}

fn dig(parser: &mut lexopt::Parser) -> Result<Request, lexopt::Error> {
    let mut values = Vec::new();
    let (mut retry_ms, mut tries) = (1000, 3);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") => return Ok(Request::Help),
            Long("retry-ms") => retry_ms = positive("--retry-ms", parser.value()?)?,
            Long("tries") => tries = positive("--tries", parser.value()?)?,
            Value(value) => values.push(value.string()?),
            other => return Err(other.unexpected()),
        }
    }
    let [server, name, qtype] = exactly(values, "@ADDR NAME TYPE")?;
    Ok(Request::Dig {
        server: server_address(&server)?,
        name,
        qtype: qtype.parse()?,
        patience: Patience {
            retry: Duration::from_millis(retry_ms.into()),
            tries,
        },
    })
}

fn serve(parser: &mut lexopt::Parser) -> Result<Request, lexopt::Error> {
    let mut bind = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let mut zone = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") => return Ok(Request::Help),
            Long("bind") => bind = parsed("--bind", parser.value()?)?,
            Long("zone") => zone = Some(parser.value()?.into()),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Request::Serve {
        bind,
        zone: zone.ok_or("which zone? --zone FILE names it")?,
    })
}

/// `@192.0.2.53`, `@192.0.2.53:5300`, `@[2001:db8::53]:5300`.
fn server_address(text: &str) -> Result<SocketAddr, lexopt::Error> {
    let addr = text
        .strip_prefix('@')
        .ok_or_else(|| format!("the server comes first, as @ADDR: {text}"))?;
    let with_port = addr.parse();
    let alone = addr.parse().map(|ip: IpAddr| SocketAddr::new(ip, DOMAIN));
    with_port
        .or(alone)
        .map_err(|_| format!("{addr} is no address of a server").into())
}

/// As many values as there have to be.
fn exactly<const N: usize>(
    values: Vec<String>,
    wanted: &str,
) -> Result<[String; N], lexopt::Error> {
    <[String; N]>::try_from(values).map_err(|_| format!("{wanted}, please").into())
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

/// As `parsed`; zero makes no sense here.
fn positive(option: &str, value: OsString) -> Result<u32, lexopt::Error> {
    match parsed(option, value)? {
        0 => Err(format!("{option} must be at least 1").into()),
        number => Ok(number),
    }
}
