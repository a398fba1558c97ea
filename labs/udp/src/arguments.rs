//! What the program can be asked to do. Given.

use std::ffi::OsString;
use std::fmt::Display;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use lexopt::prelude::*;

use crate::ping::Plan;
use crate::store;

/// How to call the program, in a line.
pub const USAGE: &str =
    "usage: udp echo|ping|ask|answer|limits|tftp [OPTIONS] [ARGUMENTS], or --help";

/// What `--help` prints.
pub const HELP: &str = "\
usage: udp STAGE [OPTIONS] [ARGUMENTS]

servers and their options:
  echo
  answer
  limits
  tftp      --root DIR      the folder whose files are served
            --retry-ms MS   the first wait for an ACK (1000)
            --tries N       how often a block is sent (5)
            --bind ADDR     all servers: where to receive (127.0.0.1:0); with port 0 the kernel chooses

clients and their options:
  ping ADDR
            --count N       how many probes are sent (4)
            --interval MS   from each to the next (200)
            --wait MS       how long after its sending a probe is lost (1000)
  ask ADDR get KEY | put KEY VALUE | incr KEY
            --retry-ms MS   the first wait for the answer (100)
            --tries N       how often the request is sent (4)

`READY ADDR` on stdout says that datagrams will arrive. SIGTERM ends a server. Exit codes of clients:
0 done, 1 it did not work or the answer is no, 2 called wrongly, 3 the peer broke the protocol,
4 the deadline passed.
";

/// The longest time that can be asked for, in milliseconds.
const HOUR: u64 = 3_600_000;

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Explain the command line.
    Help,
    /// Be a server or a client.
    Run(Stage),
}

/// A stage with its options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// `echo`
    Echo {
        /// Where to receive.
        bind: SocketAddr,
    },
    /// `ping`
    Ping {
        /// Whom to ask.
        server: SocketAddr,
        /// How often, how long.
        plan: Plan,
    },
    /// `ask`
    Ask {
        /// Whom to ask.
        server: SocketAddr,
        /// What to ask for: a request without its id.
        operation: Vec<u8>,
        /// How often to ask.
        retry: Retry,
    },
    /// `answer`
    Answer {
        /// Where to receive.
        bind: SocketAddr,
    },
    /// `limits`
    Limits {
        /// Where to receive.
        bind: SocketAddr,
    },
    /// `tftp`
    Tftp {
        /// Where to receive.
        bind: SocketAddr,
        /// The folder whose files are served.
        root: PathBuf,
        /// How often to send a block.
        retry: Retry,
    },
}

/// When to send again what nobody has answered, and when to give up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// The first wait; each further one is twice as long as the one before. Never zero.
    pub first: Duration,
    /// How often to send in all, at least once.
    pub tries: u32,
}

/// Everything that stands on the command line behind the stage.
#[derive(Default)]
struct Given {
    words: Vec<OsString>,
    bind: Option<SocketAddr>,
    root: Option<PathBuf>,
    count: Option<u32>,
    interval: Option<Duration>,
    wait: Option<Duration>,
    retry: Option<Duration>,
    tries: Option<u32>,
}

/// Reads the command line. The error is a sentence for who typed it.
pub fn parse(mut parser: lexopt::Parser) -> Result<Request, lexopt::Error> {
    let stage = match parser.next()? {
        Some(Value(name)) => name.string()?,
        Some(Long("help")) => return Ok(Request::Help),
        Some(other) => return Err(other.unexpected()),
        None => return Err("which stage?".into()),
    };
    let mut given = Given::default();
    while let Some(argument) = parser.next()? {
        match (stage.as_str(), argument) {
            (_, Long("help")) => return Ok(Request::Help),
            ("echo" | "answer" | "limits" | "tftp", Long("bind")) => {
                given.bind = Some(parsed("--bind", parser.value()?)?);
            }
            ("tftp", Long("root")) => given.root = Some(parser.value()?.into()),
            ("ping", Long("count")) => {
                given.count = Some(within("--count", parser.value()?, 1..=1000)?);
            }
            ("ping", Long("interval")) => {
                let interval = within("--interval", parser.value()?, 0..=HOUR)?;
                given.interval = Some(Duration::from_millis(interval));
            }
            ("ping", Long("wait")) => given.wait = Some(time("--wait", parser.value()?)?),
            ("ask" | "tftp", Long("retry-ms")) => {
                given.retry = Some(time("--retry-ms", parser.value()?)?);
            }
            ("ask" | "tftp", Long("tries")) => {
                given.tries = Some(within("--tries", parser.value()?, 1..=32)?);
            }
            ("ping" | "ask", Value(word)) => given.words.push(word),
            (_, other) => return Err(other.unexpected()),
        }
    }
    Ok(Request::Run(given.stage(&stage)?))
}

impl Given {
    /// The stage of this name, with defaults for what was not given.
    fn stage(self, name: &str) -> Result<Stage, lexopt::Error> {
        let bind = self.bind.unwrap_or_else(|| (Ipv4Addr::LOCALHOST, 0).into());
        let retry = |first, tries| Retry {
            first: self.retry.unwrap_or(Duration::from_millis(first)),
            tries: self.tries.unwrap_or(tries),
        };
        Ok(match name {
            "echo" => Stage::Echo { bind },
            "ping" => {
                let [server] = words("one address", self.words)?;
                let plan = Plan {
                    count: self.count.unwrap_or(4),
                    interval: self.interval.unwrap_or(Duration::from_millis(200)),
                    wait: self.wait.unwrap_or(Duration::from_secs(1)),
                };
                let server = parsed("the address", server)?;
                Stage::Ping { server, plan }
            }
            "ask" => {
                let retry = retry(100, 4);
                let mut words = self.words.into_iter();
                let server = words.next().ok_or("ask needs an address")?;
                Stage::Ask {
                    server: parsed("the address", server)?,
                    operation: operation(words.collect())?,
                    retry,
                }
            }
            "answer" => Stage::Answer { bind },
            "limits" => Stage::Limits { bind },
            "tftp" => Stage::Tftp {
                bind,
                retry: retry(1000, 5),
                root: self.root.ok_or("tftp needs --root")?,
            },
            _ => return Err(format!("no stage is named {name}").into()),
        })
    }
}

/// The request, without its id, for what was typed behind the address.
fn operation(words: Vec<OsString>) -> Result<Vec<u8>, lexopt::Error> {
    let words: Vec<Vec<u8>> = words.into_iter().map(OsString::into_vec).collect();
    let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
    let (operation, name) = match &words[..] {
        [b"get", name] => ([b"GET ", *name].concat(), name),
        [b"put", name, value] => ([b"PUT ", *name, b" ", value].concat(), name),
        [b"incr", name] => ([b"INCR ", *name].concat(), name),
        _ => return Err("ask for one of: get KEY, put KEY VALUE, incr KEY".into()),
    };
    match store::key(name) {
        Some(_) => Ok(operation),
        None => Err("a key is 1 to 64 printable ASCII characters without blanks".into()),
    }
}

/// So many words, no more and no fewer.
fn words<const N: usize>(
    wanted: &str,
    words: Vec<OsString>,
) -> Result<[OsString; N], lexopt::Error> {
    words
        .try_into()
        .map_err(|words: Vec<_>| format!("{wanted} is wanted, not {}", words.len()).into())
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

/// As `parsed`, and within `range`.
fn within<T>(option: &str, value: OsString, range: RangeInclusive<T>) -> Result<T, lexopt::Error>
where
    T: FromStr<Err: Display> + PartialOrd + Display,
{
    let number = parsed(option, value)?;
    if range.contains(&number) {
        return Ok(number);
    }
    let (least, most) = range.into_inner();
    Err(format!("{option} must be {least} to {most}").into())
}

/// A time in milliseconds, not zero and at most an hour.
fn time(option: &str, value: OsString) -> Result<Duration, lexopt::Error> {
    Ok(Duration::from_millis(within(option, value, 1..=HOUR)?))
}
