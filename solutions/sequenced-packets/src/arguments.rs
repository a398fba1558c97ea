//! What the program can be asked to do. Given.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use berkeley::Addr;
use lexopt::prelude::*;

/// How to call the program, in a line.
pub const USAGE: &str =
    "usage: sequenced-packets compare|rpc|truncation|limits [OPTIONS], or --help";

/// What `--help` prints.
pub const HELP: &str = "\
usage: sequenced-packets STAGE [OPTIONS]

stages and their options:
  compare                    takes the steps of the script on stdin
  rpc          --bind ADDR   where to listen
  truncation   --bind ADDR   where to listen
               --max N       how many bytes a request may have, 1 to 65536 (512)
  limits ADDR                sends each line of stdin as a message to ADDR
               --wait MS     how long to wait for room (5000)

ADDR is unix:/path, at most 107 bytes, or abstract:name, where %XX
stands for any byte.

`READY ADDR` on stdout says that a connection will succeed. SIGTERM ends a
server. Exit codes of limits: 0 all is sent, 1 it did not work or a message was
too long, 4 there was no room in time.
";

/// How many bytes a path or an abstract name may have: `sun_path` without a zero byte; unix(7).
const LONGEST: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// The most that `--max` can be.
const LARGEST_MAX: usize = 65_536;

/// The longest time that can be asked for, in milliseconds.
const HOUR: u64 = 3_600_000;

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Explain the command line.
    Help,
    /// Be a server, or a client.
    Run(Stage),
}

/// A stage with its options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// `compare`
    Compare,
    /// `rpc`
    Rpc {
        /// Where to listen.
        bind: Addr,
    },
    /// `truncation`
    #[cfg(target_os = "linux")]
    Truncation {
        /// Where to listen.
        bind: Addr,
        /// How many bytes a request may have.
        max: usize,
    },
    /// `limits`
    Limits {
        /// Where to send to.
        server: Addr,
        /// How long to wait for room.
        wait: Duration,
    },
}

/// What stands on the command line behind the stage.
#[derive(Debug, Default)]
struct Options {
    bind: Option<Addr>,
    server: Option<Addr>,
    max: Option<usize>,
    wait: Option<Duration>,
}

/// Reads the command line. The error is a sentence for who typed it.
pub fn parse(mut parser: lexopt::Parser) -> Result<Request, lexopt::Error> {
    let name = match parser.next()? {
        Some(Value(name)) => name,
        Some(Long("help")) => return Ok(Request::Help),
        Some(other) => return Err(other.unexpected()),
        None => return Err("which stage?".into()),
    };
    let name = name.to_string_lossy();
    let mut options = Options::default();
    while let Some(argument) = parser.next()? {
        match (&*name, argument) {
            (_, Long("help")) => return Ok(Request::Help),
            ("rpc" | "truncation", Long("bind")) => {
                options.bind = Some(address(parser.value()?)?);
            }
            ("truncation", Long("max")) => options.max = Some(max(&parser.value()?)?),
            ("limits", Long("wait")) => options.wait = Some(milliseconds(&parser.value()?)?),
            ("limits", Value(value)) if options.server.is_none() => {
                options.server = Some(address(value)?);
            }
            (_, other) => return Err(other.unexpected()),
        }
    }
    stage(&name, options).map(Request::Run)
}

/// The stage of this name with its options.
fn stage(name: &str, options: Options) -> Result<Stage, lexopt::Error> {
    let bind = options.bind.ok_or("--bind says where to listen");
    Ok(match name {
        "compare" => Stage::Compare,
        "rpc" => Stage::Rpc { bind: bind? },
        #[cfg(target_os = "linux")]
        "truncation" => Stage::Truncation {
            bind: bind?,
            max: options.max.unwrap_or(512),
        },
        #[cfg(not(target_os = "linux"))]
        "truncation" => return Err("sequenced packets of AF_UNIX are Linux's, unix(7)".into()),
        "limits" => Stage::Limits {
            server: options.server.ok_or("which server?")?,
            wait: options.wait.unwrap_or(Duration::from_secs(5)),
        },
        _ => return Err(format!("no stage is named {name}").into()),
    })
}

/// An address of a Unix socket that fits `sun_path`.
fn address(value: OsString) -> Result<Addr, lexopt::Error> {
    let text = value.string()?;
    let addr: Addr = text
        .parse()
        .map_err(|error| format!("{text:?} is no address: {error}"))?;
    let length = match &addr {
        Addr::Path(path) => path.as_os_str().as_bytes().len(),
        #[cfg(target_os = "linux")]
        Addr::Abstract(name) => name.len(),
        _ => return Err(format!("{text} is no address of a Unix socket").into()),
    };
    match length {
        0 => Err(format!("{text} has no name").into()),
        1..=LONGEST => Ok(addr),
        _ => Err(format!("{text} has {length} bytes, and {LONGEST} fit an address").into()),
    }
}

fn max(value: &OsString) -> Result<usize, lexopt::Error> {
    match value.parse() {
        Ok(max @ 1..=LARGEST_MAX) => Ok(max),
        _ => Err(format!("--max takes a number from 1 to {LARGEST_MAX}").into()),
    }
}

fn milliseconds(value: &OsString) -> Result<Duration, lexopt::Error> {
    match value.parse() {
        Ok(ms @ 0..=HOUR) => Ok(Duration::from_millis(ms)),
        _ => Err(format!("--wait takes milliseconds, 0 to {HOUR}").into()),
    }
}
