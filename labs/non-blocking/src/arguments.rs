//! What the program can be asked to do. Given.

use std::ffi::OsString;
use std::fmt::Display;
use std::net::{Ipv4Addr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use lexopt::prelude::*;

/// How to call the program, in two lines.
pub const USAGE: &str = "\
usage: non-blocking connection|poll|backpressure|edge|connect|chat
       [OPTIONS], or --help";

/// What `--help` prints.
pub const HELP: &str = "\
usage: non-blocking STAGE [OPTIONS]

stages and their options:
  connection              plays a script from stdin, prints results on stdout
  poll
  backpressure
            --keep BYTES  kept at most for a client that does not read (65536)
  edge
            --keep BYTES  kept at most for a client that does not read (65536)
  connect   ADDR...       tries each address, prints a line for each
            --deadline MS how long all of it may take (1000)
  chat
            --keep BYTES  kept at most for a client that does not read (65536)
            --idle MS     how long a client may be silent (60000)

poll, backpressure, edge and chat:
            --bind ADDR   where (127.0.0.1:0); with port 0 the kernel chooses

`READY ADDR` on stdout says that a connection will succeed. SIGTERM ends the
program.
";

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Explain the command line.
    Help,
    /// `connection`
    Connection,
    /// Be a server.
    Serve {
        /// Where to listen.
        bind: SocketAddr,
        /// What to do for clients.
        service: Service,
    },
    /// `connect`
    Connect {
        /// Where to, at least one.
        targets: Vec<SocketAddr>,
        /// How long all of it may take, at least a millisecond.
        deadline: Duration,
    },
}

/// A stage that serves, with its options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Service {
    /// `poll`
    Poll,
    /// `backpressure`
    Backpressure {
        /// How many bytes are kept for a client, at least one.
        keep: usize,
    },
    /// `edge`
    Edge {
        /// How many bytes are kept for a client, at least one.
        keep: usize,
    },
    /// `chat`
    Chat {
        /// How many bytes are kept for a client, at least one.
        keep: usize,
        /// How long a client may be silent, at least a millisecond.
        idle: Duration,
    },
}

/// How many bytes are kept for a client unless told otherwise.
const KEEP: usize = 65536;

/// Reads the command line. The error is a sentence for who typed it.
pub fn parse(mut parser: lexopt::Parser) -> Result<Request, lexopt::Error> {
    let mut request = match parser.next()? {
        Some(Value(name)) => request_with_defaults(&name)?,
        Some(Long("help")) => return Ok(Request::Help),
        Some(other) => return Err(other.unexpected()),
        None => return Err("which stage?".into()),
    };
    while let Some(argument) = parser.next()? {
        match (&mut request, argument) {
            (_, Long("help")) => return Ok(Request::Help),
            (Request::Serve { bind, .. }, Long("bind")) => {
                *bind = parsed("--bind", parser.value()?)?;
            }
            (Request::Serve { service, .. }, Long(option)) => {
                let option = String::from(option);
                serve_option(service, &option, &mut parser)?;
            }
            (Request::Connect { targets, .. }, Value(target)) => {
                targets.push(parsed("an address", target)?);
            }
            (Request::Connect { deadline, .. }, Long("deadline")) => {
                *deadline = milliseconds("--deadline", parser.value()?)?;
            }
            (_, other) => return Err(other.unexpected()),
        }
    }
    match request {
        Request::Connect { targets, .. } if targets.is_empty() => {
            Err("connect to which address?".into())
        }
        request => Ok(request),
    }
}

/// The stage of this name, as it is without options.
fn request_with_defaults(name: &OsString) -> Result<Request, lexopt::Error> {
    let service = match name.to_str() {
        Some("connection") => return Ok(Request::Connection),
        Some("connect") => {
            return Ok(Request::Connect {
                targets: Vec::new(),
                deadline: Duration::from_secs(1),
            });
        }
        Some("poll") => Service::Poll,
        Some("backpressure") => Service::Backpressure { keep: KEEP },
        Some("edge") => Service::Edge { keep: KEEP },
        Some("chat") => Service::Chat {
            keep: KEEP,
            idle: Duration::from_secs(60),
        },
        _ => return Err(format!("no stage is named {}", name.display()).into()),
    };
    let bind = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    Ok(Request::Serve { bind, service })
}

/// An option of a stage that serves.
fn serve_option(
    service: &mut Service,
    option: &str,
    parser: &mut lexopt::Parser,
) -> Result<(), lexopt::Error> {
    match (service, option) {
        (
            Service::Backpressure { keep } | Service::Edge { keep } | Service::Chat { keep, .. },
            "keep",
        ) => *keep = positive("--keep", parser.value()?)?,
        (Service::Chat { idle, .. }, "idle") => *idle = milliseconds("--idle", parser.value()?)?,
        (_, option) => return Err(Long(option).unexpected()),
    }
    Ok(())
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
fn positive<T: FromStr + Default + PartialEq>(
    option: &str,
    value: OsString,
) -> Result<T, lexopt::Error>
where
    T::Err: Display,
{
    let number = parsed(option, value)?;
    if number == T::default() {
        return Err(format!("{option} must be at least 1").into());
    }
    Ok(number)
}

/// As `positive`, a time.
fn milliseconds(option: &str, value: OsString) -> Result<Duration, lexopt::Error> {
    Ok(Duration::from_millis(positive(option, value)?))
}
