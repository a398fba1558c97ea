//! Lab 7: packets by hand. Given: arguments, scripts, output and exit codes.
//!
//! Each stage is a subcommand and a file of its own. Exit codes: 0 when it is done; 1 with a reason
//! on stderr when it did not work, or when nobody has answered; 2 when the program was called wrongly.

#![forbid(unsafe_code)]

pub mod arguments;
pub mod hexadecimal;
pub mod link;
pub mod rehearsal;
pub mod script;

pub mod checksum;
pub mod engine;
#[allow(dead_code, reason = "a stage that is not written yet uses none of it")]
pub mod packets;
pub mod ping;
#[allow(dead_code, reason = "a stage that is not written yet makes none of it")]
pub mod traceroute;

use std::hash::{BuildHasher, RandomState};
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use arguments::Request;
use engine::{Event, Plan, Why};
use ping::{Kind, Wire};
use rehearsal::milliseconds;
use traceroute::Answer;

fn main() -> ExitCode {
    let request = match arguments::parse(lexopt::Parser::from_env()) {
        Ok(request) => request,
        Err(error) => {
            eprintln!("raw-sockets: {error}\n{}", arguments::USAGE);
            return ExitCode::from(2);
        }
    };
    let (stdin, mut stdout) = (io::stdin().lock(), io::stdout().lock());
    let done = match request {
        Request::Help => stdout.write_all(arguments::HELP.as_bytes()).map(|()| true),
        Request::Checksum => script::play(stdin, &mut stdout, script::checksum).map(|()| true),
        Request::Packets => script::play(stdin, &mut stdout, script::packets).map(|()| true),
        Request::Engine(plan) => rehearsal::play(stdin, &mut stdout, &plan).map(|()| true),
        Request::Ping(plan) => ping(&plan, &mut stdout),
        Request::Traceroute(plan) => trace(&plan, &mut stdout),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("raw-sockets: {error}");
            ExitCode::from(match error.kind() {
                ErrorKind::InvalidInput => 2,
                _ => 1,
            })
        }
    }
}

/// Asks, prints what comes of it; whether anybody has answered.
fn ping(plan: &Plan, out: &mut impl Write) -> io::Result<bool> {
    let mut wire = Wire::open(plan.target)?;
    eprintln!(
        "over a {} socket",
        match wire.kind() {
            Kind::Ping => "ping",
            Kind::Raw => "raw",
        }
    );
    let plan = Plan {
        id: wire.id(),
        data: nonce(),
        ..plan.clone()
    };
    let target = plan.target;
    let summary = engine::ping(&mut wire, &plan, &mut |event| {
        match event {
            Event::Reply { sequence, time } => {
                let time = milliseconds(*time);
                writeln!(out, "reply from {target}: seq={sequence} time={time} ms")?;
            }
            Event::Duplicate { sequence } => {
                writeln!(out, "duplicate from {target}: seq={sequence}")?;
            }
            Event::Failed {
                sequence,
                from,
                why,
            } => {
                let (why, code) = match why {
                    Why::Unreachable(code) => ("unreachable", code),
                    Why::TimeExceeded(code) => ("time exceeded", code),
                };
                writeln!(out, "{why} from {from}: seq={sequence} code={code}")?;
            }
        }
        out.flush()
    })?;
    let lost = summary.sent.saturating_sub(summary.received);
    writeln!(
        out,
        "{} sent, {} received, {lost} lost, {} duplicates",
        summary.sent, summary.received, summary.duplicates
    )?;
    if let Some(times) = summary.times {
        let times = times.map(milliseconds).join("/");
        writeln!(out, "min/avg/max {times} ms")?;
    }
    Ok(summary.received > 0)
}

/// Data that no other program sends.
fn nonce() -> Vec<u8> {
    let random = || RandomState::new().hash_one(std::process::id());
    [random(), random()]
        .into_iter()
        .flat_map(u64::to_be_bytes)
        .collect()
}

/// Prints a line for each hop; whether the target was reached.
fn trace(plan: &traceroute::Plan, out: &mut impl Write) -> io::Result<bool> {
    traceroute::trace(plan, &mut |hop, answers| {
        write!(out, "{hop}")?;
        for answer in answers {
            match answer {
                Answer::Silence => write!(out, " *")?,
                Answer::Router(from) | Answer::Arrived(from) => write!(out, " {from}")?,
                Answer::Unreachable(from, code) => write!(out, " {from}!{code}")?,
            }
        }
        writeln!(out)?;
        out.flush()
    })
}
