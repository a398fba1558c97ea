//! What the program can be asked to do. Given.

use std::ffi::OsString;
use std::fmt::Display;
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use lexopt::prelude::*;

use crate::deadlines::Limits;
use crate::webget::{self, Target};

/// How to call the program, in two lines.
pub const USAGE: &str = "\
usage: client-basics receive|time|converse|webget|deadlines|netcat
       ADDR|URL [OPTIONS], or --help";

/// What `--help` prints.
pub const HELP: &str = "\
usage: client-basics STAGE ADDR [OPTIONS]
       client-basics webget URL

stages and their options:
  receive    prints what the server sends, to its end
  time       prints the server's time, in seconds since 1970
  converse   sends stdin line by line and prints the replies
  webget     prints what there is at URL
  deadlines  as receive, within limits; 0 is none
             --connect-timeout MS  for the connection to be made (0)
             --read-timeout MS     for the server to be silent (0)
             --total-timeout MS    for all of it, from the start (0)
  netcat     sends stdin and prints what comes, both at once

ADDR is a literal address and a port, 127.0.0.1:7 or [::1]:7; URL is
http://ADDR/PATH.

Exit codes: 0 done, 1 it did not work or the answer is no, 2 called wrongly,
3 the server broke the protocol, 4 a deadline passed. The reason stands on
stderr.
";

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Explain the command line.
    Help,
    /// Be a client.
    Run(Stage),
}

/// Which client, and of whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// `receive`
    Receive {
        /// The server.
        addr: SocketAddr,
    },
    /// `time`
    Time {
        /// The server.
        addr: SocketAddr,
    },
    /// `converse`
    Converse {
        /// The server.
        addr: SocketAddr,
    },
    /// `webget`
    Webget {
        /// What to get, and where.
        target: Target,
    },
    /// `deadlines`
    Deadlines {
        /// The server.
        addr: SocketAddr,
        /// How long things may take.
        limits: Limits,
    },
    /// `netcat`
    Netcat {
        /// The server.
        addr: SocketAddr,
    },
}

/// Reads the command line. The error is a sentence for who typed it.
pub fn parse(mut parser: lexopt::Parser) -> Result<Request, lexopt::Error> {
    let name = match parser.next()? {
        Some(Value(name)) => name,
        Some(Long("help")) => return Ok(Request::Help),
        Some(other) => return Err(other.unexpected()),
        None => return Err("which stage?".into()),
    };
    let deadlines = name == "deadlines";
    let mut limits = Limits {
        connect: None,
        read: None,
        total: None,
    };
    let mut whom = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") => return Ok(Request::Help),
            Long("connect-timeout") if deadlines => {
                limits.connect = time_limit("--connect-timeout", parser.value()?)?;
            }
            Long("read-timeout") if deadlines => {
                limits.read = time_limit("--read-timeout", parser.value()?)?;
            }
            Long("total-timeout") if deadlines => {
                limits.total = time_limit("--total-timeout", parser.value()?)?;
            }
            Value(value) if whom.is_none() => whom = Some(value.string()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Request::Run(stage(&name, whom, limits)?))
}

/// The stage of this name, with `whom` for its server.
fn stage(name: &OsString, whom: Option<String>, limits: Limits) -> Result<Stage, lexopt::Error> {
    let whom = whom.ok_or("which server?");
    let addr = |whom: Result<String, &str>| -> Result<SocketAddr, lexopt::Error> {
        parsed("ADDR", &whom?)
    };
    Ok(match name.to_str() {
        Some("receive") => Stage::Receive { addr: addr(whom)? },
        Some("time") => Stage::Time { addr: addr(whom)? },
        Some("converse") => Stage::Converse { addr: addr(whom)? },
        Some("webget") => {
            let url = whom?;
            let target = webget::parse(&url).map_err(|reason| {
                format!("{} is no URL for webget: {reason}", url.escape_debug())
            })?;
            Stage::Webget { target }
        }
        Some("deadlines") => {
            let addr = addr(whom)?;
            Stage::Deadlines { addr, limits }
        }
        Some("netcat") => Stage::Netcat { addr: addr(whom)? },
        _ => return Err(format!("no stage is named {}", name.display()).into()),
    })
}

/// The value of `what`, or a sentence that says what is wrong with it.
fn parsed<T: FromStr>(what: &str, value: &str) -> Result<T, lexopt::Error>
where
    T::Err: Display,
{
    match value.parse() {
        Ok(parsed) => Ok(parsed),
        Err(error) => Err(format!("{what} cannot be {value:?}: {error}").into()),
    }
}

/// A time in milliseconds; 0 is no limit.
fn time_limit(option: &str, value: OsString) -> Result<Option<Duration>, lexopt::Error> {
    let milliseconds = parsed(option, &value.string()?)?;
    Ok((milliseconds > 0).then(|| Duration::from_millis(milliseconds)))
}
