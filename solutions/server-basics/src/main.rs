//! Lab 1: TCP servers. Given: arguments, the READY line, signals and exit codes.
//!
//! Each stage is a subcommand and a file of its own. Exit codes: 0 on SIGTERM, 1 with a
//! reason on stderr when the stage cannot serve, 2 when the program was called wrongly.

#![forbid(unsafe_code)]

pub mod arguments;
#[allow(dead_code, reason = "a stage that is not written yet uses none of it")]
pub mod calc;
#[allow(dead_code, reason = "a stage that is not written yet uses none of it")]
pub mod stop;

pub mod by_hand;
pub mod echo;
pub mod greet;
pub mod leave;
pub mod lines;
pub mod many;

use std::fmt::Display;
use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;

use arguments::{Arguments, Request, Stage};
use signal_hook::consts::SIGTERM;
use stop::Stop;

fn main() -> ExitCode {
    let arguments = match arguments::parse(lexopt::Parser::from_env()) {
        Ok(Request::Serve(arguments)) => arguments,
        Ok(Request::Help) => {
            print!("{}", arguments::HELP);
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("server-basics: {error}\n{}", arguments::USAGE);
            return ExitCode::from(2);
        }
    };
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("server-basics: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Binds, says READY, serves.
fn run(Arguments { bind: addr, stage }: &Arguments) -> io::Result<()> {
    let addr = *addr;
    match stage {
        Stage::Greet { text } => {
            exit_on_sigterm()?;
            let listener = greet::bind(addr).map_err(cannot_listen(addr))?;
            ready(listener.local_addr()?)?;
            greet::serve(&listener, text)
        }
        Stage::Echo => {
            exit_on_sigterm()?;
            let listener = listen(addr)?;
            ready(listener.local_addr()?)?;
            echo::serve(&listener)
        }
        Stage::Lines => {
            exit_on_sigterm()?;
            let listener = listen(addr)?;
            ready(listener.local_addr()?)?;
            lines::serve(&listener)
        }
        Stage::Many { max, idle } => {
            exit_on_sigterm()?;
            let limits = many::Limits {
                max: *max,
                idle: *idle,
            };
            let listener = listen(addr)?;
            ready(listener.local_addr()?)?;
            many::serve(&listener, limits)
        }
        Stage::Leave { drain } => {
            let stop = Stop::on_sigterm()?;
            let listener = listen(addr)?;
            ready(listener.local_addr()?)?;
            leave::serve(listener, &stop, *drain)
        }
        Stage::ByHand { backlog, hold } => {
            exit_on_sigterm()?;
            let listener = by_hand::make_listener(addr, *backlog).map_err(cannot_listen(addr))?;
            ready(berkeley::getsockname(&listener)?)?;
            if *hold {
                never_accept()
            }
            by_hand::serve(&listener)
        }
    }
}

/// A listener made by std, for the stages whose lesson lies behind it.
fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(addr).map_err(cannot_listen(addr))
}

/// Puts the address into the reason why it cannot be listened on.
fn cannot_listen(addr: SocketAddr) -> impl Fn(io::Error) -> io::Error {
    move |error| io::Error::new(error.kind(), format!("cannot listen on {addr}: {error}"))
}

/// Says where clients can connect. A pipe's buffer is flushed: whoever started the server waits for it.
fn ready(addr: impl Display) -> io::Result<()> {
    let mut stdout = io::stdout();
    writeln!(stdout, "READY {addr}")?;
    stdout.flush()
}

/// From here on SIGTERM ends the program at once, with exit code 0.
fn exit_on_sigterm() -> io::Result<()> {
    let always = Arc::new(AtomicBool::new(true));
    signal_hook::flag::register_conditional_shutdown(SIGTERM, 0, always)?;
    Ok(())
}

/// Keeps the socket listening; what becomes of connections is the kernel's business.
fn never_accept() -> ! {
    loop {
        thread::park();
    }
}
