//! Lab 6: one thread for many clients. Given: arguments, the READY line, signals and exit codes.
//!
//! Each stage is a subcommand and a file of its own. Exit codes: 0 when it is done, and on
//! SIGTERM; 1 with a reason on stderr when it did not work; 2 when the program was called
//! wrongly; 4 when the deadline has passed.

#![forbid(unsafe_code)]

pub mod arguments;
#[allow(dead_code, reason = "a stage that is not written yet uses none of it")]
pub mod protocol;
pub mod script;

pub mod backpressure;
pub mod chat;
pub mod connect;
pub mod connection;
pub mod edge;
pub mod poll;

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use arguments::{Request, Service};
use connect::Verdict;
use signal_hook::consts::SIGTERM;

fn main() -> ExitCode {
    let request = match arguments::parse(lexopt::Parser::from_env()) {
        Ok(request) => request,
        Err(error) => {
            eprintln!("non-blocking: {error}\n{}", arguments::USAGE);
            return ExitCode::from(2);
        }
    };
    let done = match request {
        Request::Help => {
            print!("{}", arguments::HELP);
            Ok(ExitCode::SUCCESS)
        }
        Request::Connection => play_script(),
        Request::Serve { bind, service } => serve(bind, &service).map(|()| ExitCode::SUCCESS),
        Request::Connect { targets, deadline } => try_all(&targets, deadline),
    };
    done.unwrap_or_else(|error| {
        eprintln!("non-blocking: {error}");
        ExitCode::FAILURE
    })
}

/// Plays the script on stdin to a connection; see [`script`].
fn play_script() -> io::Result<ExitCode> {
    match script::play(io::stdin().lock(), &mut io::stdout().lock()) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) if error.kind() == ErrorKind::InvalidInput => {
            eprintln!("non-blocking: {error}");
            Ok(ExitCode::from(2))
        }
        Err(error) => Err(error),
    }
}

/// Binds, says READY, serves.
fn serve(addr: SocketAddr, service: &Service) -> io::Result<()> {
    exit_on_sigterm()?;
    let listener = TcpListener::bind(addr).map_err(|error| {
        io::Error::new(error.kind(), format!("cannot listen on {addr}: {error}"))
    })?;
    ready(listener.local_addr()?)?;
    match *service {
        Service::Poll => poll::serve(&listener),
        Service::Backpressure { keep } => backpressure::serve(&listener, keep),
        Service::Edge { keep } => edge::serve(listener, keep),
        Service::Chat { keep, idle } => chat::serve(&listener, chat::Limits { keep, idle }),
    }
}

/// Says where clients can connect. A pipe's buffer is flushed: whoever started the server waits for it.
fn ready(addr: impl Display) -> io::Result<()> {
    let mut stdout = io::stdout();
    writeln!(stdout, "READY {addr}")?;
    stdout.flush()
}

/// From here on SIGTERM ends the program at once, with exit code 0. It takes no thread: the
/// handler itself ends the process.
fn exit_on_sigterm() -> io::Result<()> {
    let always = Arc::new(AtomicBool::new(true));
    signal_hook::flag::register_conditional_shutdown(SIGTERM, 0, always)?;
    Ok(())
}

/// Prints a line for each target, in their order, and the reasons on stderr.
fn try_all(targets: &[SocketAddr], deadline: Duration) -> io::Result<ExitCode> {
    let verdicts = connect::connect_all(targets, deadline)?;
    let mut stdout = io::stdout().lock();
    for (target, verdict) in targets.iter().zip(&verdicts) {
        let word = match verdict {
            Verdict::Open => "open",
            Verdict::Closed(reason) => {
                eprintln!("{target}: {reason}");
                "closed"
            }
            Verdict::Silent => {
                eprintln!("{target}: no answer in {} ms", deadline.as_millis());
                "silent"
            }
        };
        writeln!(stdout, "{target} {word}")?;
    }
    stdout.flush()?;
    let any = |test: fn(&Verdict) -> bool| verdicts.iter().any(test);
    Ok(if any(|verdict| matches!(verdict, Verdict::Closed(_))) {
        ExitCode::FAILURE
    } else if any(|verdict| matches!(verdict, Verdict::Silent)) {
        ExitCode::from(4)
    } else {
        ExitCode::SUCCESS
    })
}
