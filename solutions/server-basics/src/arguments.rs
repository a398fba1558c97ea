//! What the program can be asked to do. Given.

use std::ffi::OsString;
use std::fmt::Display;
use std::net::{Ipv4Addr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use lexopt::prelude::*;

/// How to call the program, in a line.
pub const USAGE: &str =
    "usage: server-basics greet|echo|lines|many|leave|by-hand [OPTIONS], or --help";

/// What `--help` prints.
pub const HELP: &str = "\
usage: server-basics STAGE [OPTIONS]

stages and their options:
  greet     --text TEXT     what each client is told (Connection is successful)
  echo
  lines
  many      --max N         clients served at once (256)
            --idle MS       how long a client may be silent (10000)
  leave     --drain MS      how long a client may take to close (1000)
  by-hand   --backlog N     what listen is given (128)
            --hold          never accept

every stage:
            --bind ADDR     where to listen (127.0.0.1:0); with port 0 the kernel chooses

`READY ADDR` on stdout says that a connection will succeed. SIGTERM ends the program.
";

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Explain the command line.
    Help,
    /// Be a server.
    Serve(Arguments),
}

/// Which server, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arguments {
    /// Where to listen.
    pub bind: SocketAddr,
    /// What to do for clients.
    pub stage: Stage,
}

/// A stage with its options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// `greet`
    Greet {
        /// What each client is told.
        text: String,
    },
    /// `echo`
    Echo,
    /// `lines`
    Lines,
    /// `many`
    Many {
        /// Clients served at once, at least one.
        max: usize,
        /// How long a client may be silent, at least a millisecond.
        idle: Duration,
    },
    /// `leave`
    Leave {
        /// How long a client may take to close.
        drain: Duration,
    },
    /// `by-hand`
    ByHand {
        /// What `listen` is given.
        backlog: i32,
        /// Never accept.
        hold: bool,
    },
}

/// Reads the command line. The error is a sentence for who typed it.
pub fn parse(mut parser: lexopt::Parser) -> Result<Request, lexopt::Error> {
    let mut stage = match parser.next()? {
        Some(Value(name)) => stage_with_defaults(&name)?,
        Some(Long("help")) => return Ok(Request::Help),
        Some(other) => return Err(other.unexpected()),
        None => return Err("which stage?".into()),
    };
    let mut bind = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    while let Some(argument) = parser.next()? {
        match (&mut stage, argument) {
            (_, Long("help")) => return Ok(Request::Help),
            (_, Long("bind")) => bind = parsed("--bind", parser.value()?)?,
            (Stage::Greet { text }, Long("text")) => *text = parser.value()?.string()?,
            (Stage::Many { max, .. }, Long("max")) => *max = positive("--max", parser.value()?)?,
            (Stage::Many { idle, .. }, Long("idle")) => {
                *idle = Duration::from_millis(positive("--idle", parser.value()?)?);
            }
            (Stage::Leave { drain }, Long("drain")) => {
                *drain = Duration::from_millis(parsed("--drain", parser.value()?)?);
            }
            (Stage::ByHand { backlog, .. }, Long("backlog")) => {
                *backlog = parsed("--backlog", parser.value()?)?;
            }
            (Stage::ByHand { hold, .. }, Long("hold")) => *hold = true,
            (_, other) => return Err(other.unexpected()),
        }
    }
    Ok(Request::Serve(Arguments { bind, stage }))
}

/// The stage of this name, as it is without options.
fn stage_with_defaults(name: &OsString) -> Result<Stage, lexopt::Error> {
    Ok(match name.to_str() {
        Some("greet") => Stage::Greet {
            text: "Connection is successful".to_owned(),
        },
        Some("echo") => Stage::Echo,
        Some("lines") => Stage::Lines,
        Some("many") => Stage::Many {
            max: 256,
            idle: Duration::from_secs(10),
        },
        Some("leave") => Stage::Leave {
            drain: Duration::from_secs(1),
        },
        Some("by-hand") => Stage::ByHand {
            backlog: 128,
            hold: false,
        },
        _ => return Err(format!("no stage is named {}", name.display()).into()),
    })
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
