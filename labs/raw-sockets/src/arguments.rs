//! What the program can be asked to do. Given.

use std::ffi::OsString;
use std::fmt::Display;
use std::net::Ipv4Addr;
use std::str::FromStr;
use std::time::Duration;

use lexopt::prelude::*;

use crate::{engine, hexadecimal, traceroute};

/// How to call the program, in a line.
pub const USAGE: &str =
    "usage: raw-sockets checksum|packets|engine|ping|traceroute [OPTIONS], or --help";

/// What `--help` prints.
pub const HELP: &str = "\
usage: raw-sockets STAGE [OPTIONS]

stages and their options:
  checksum                 answers a script from stdin
  packets                  answers a script from stdin
  engine      ADDR         plays a script from stdin
              --id N       the id of the requests (1)
              --data HEX   their data (-, which is none)
  ping        ADDR
  traceroute  ADDR
              --hops N     how far at most (30)
              --tries N    probes for each hop (3)
              --port N     of the first probe (33434)

engine and ping:
              --count N    how many requests (4)
              --interval MS  from one to the next (1000)
engine, ping and traceroute:
              --wait MS    how long each may be unanswered (1000)
";

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Explain the command line.
    Help,
    /// `checksum`
    Checksum,
    /// `packets`
    Packets,
    /// `engine`
    Engine(engine::Plan),
    /// `ping`; id and data are still to be chosen.
    Ping(engine::Plan),
    /// `traceroute`
    Traceroute(traceroute::Plan),
}

/// Reads the command line. The error is a sentence for who typed it.
pub fn parse(mut parser: lexopt::Parser) -> Result<Request, lexopt::Error> {
    let mut request = match parser.next()? {
        Some(Value(name)) => request_with_defaults(&name)?,
        Some(Long("help")) => return Ok(Request::Help),
        Some(other) => return Err(other.unexpected()),
        None => return Err("which stage?".into()),
    };
    let mut target = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") => return Ok(Request::Help),
            Value(value) if target.is_none() => target = Some(parsed("the address", value)?),
            Long(option) => {
                let option = format!("--{option}");
                set(&mut request, &option, &mut parser)?;
            }
            other => return Err(other.unexpected()),
        }
    }
    match (&mut request, target) {
        (Request::Engine(plan) | Request::Ping(plan), Some(target)) => plan.target = target,
        (Request::Traceroute(plan), Some(target)) => {
            plan.target = target;
            let probes = u32::from(plan.hops) * u32::from(plan.tries);
            if u32::from(plan.first_port) + probes > 65536 {
                return Err("there are not as many ports from --port on".into());
            }
        }
        (Request::Help | Request::Checksum | Request::Packets, None) => {}
        (_, Some(target)) => return Err(format!("what to do with {target}?").into()),
        (_, None) => return Err("which address?".into()),
    }
    Ok(request)
}

/// The stage of this name, as it is without options.
fn request_with_defaults(name: &OsString) -> Result<Request, lexopt::Error> {
    let ping = engine::Plan {
        target: Ipv4Addr::UNSPECIFIED,
        id: 1,
        data: Vec::new(),
        count: 4,
        interval: Duration::from_secs(1),
        wait: Duration::from_secs(1),
    };
    match name.to_str() {
        Some("checksum") => Ok(Request::Checksum),
        Some("packets") => Ok(Request::Packets),
        Some("engine") => Ok(Request::Engine(ping)),
        Some("ping") => Ok(Request::Ping(ping)),
        Some("traceroute") => Ok(Request::Traceroute(traceroute::Plan {
            target: Ipv4Addr::UNSPECIFIED,
            first_port: 33434,
            hops: 30,
            tries: 3,
            wait: Duration::from_secs(1),
        })),
        _ => Err(format!("no stage is named {}", name.display()).into()),
    }
}

/// Sets an option of a stage to the value that follows.
fn set(
    request: &mut Request,
    option: &str,
    parser: &mut lexopt::Parser,
) -> Result<(), lexopt::Error> {
    match (request, option) {
        (Request::Engine(plan), "--id") => plan.id = parsed(option, parser.value()?)?,
        (Request::Engine(plan), "--data") => {
            plan.data = hexadecimal::read(&parser.value()?.string()?)?;
        }
        (Request::Engine(plan) | Request::Ping(plan), "--count") => {
            plan.count = positive(option, parser.value()?)?;
        }
        (Request::Engine(plan) | Request::Ping(plan), "--interval") => {
            plan.interval = milliseconds(option, parser.value()?)?;
        }
        (Request::Engine(plan) | Request::Ping(plan), "--wait") => {
            plan.wait = milliseconds(option, parser.value()?)?;
        }
        (Request::Traceroute(plan), "--wait") => {
            plan.wait = milliseconds(option, parser.value()?)?;
        }
        (Request::Traceroute(plan), "--hops") => plan.hops = positive(option, parser.value()?)?,
        (Request::Traceroute(plan), "--tries") => plan.tries = positive(option, parser.value()?)?,
        (Request::Traceroute(plan), "--port") => {
            plan.first_port = positive(option, parser.value()?)?;
        }
        (_, option) => return Err(format!("this stage has no option {option}").into()),
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

/// As `positive`, a time; a `u32` of milliseconds is seven weeks.
fn milliseconds(option: &str, value: OsString) -> Result<Duration, lexopt::Error> {
    Ok(Duration::from_millis(u64::from(positive::<u32>(
        option, value,
    )?)))
}
