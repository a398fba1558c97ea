//! Lab 9: IPv6, beside IPv4 and instead of it. Given: arguments, the READY line, signals and exit codes.
//!
//! Each stage is a subcommand and a file of its own. Exit codes: 0 when it is done, and on
//! SIGTERM; 1 with a reason on stderr when it did not work; 2 when the program was called
//! wrongly; 4 when the deadline has passed.

#![forbid(unsafe_code)]

pub mod arguments;
#[allow(dead_code, reason = "a stage that is not written yet uses none of it")]
pub mod dead;
#[allow(dead_code, reason = "a stage that is not written yet uses none of it")]
pub mod reading;

pub mod addresses;
pub mod dual;
pub mod echo;
pub mod fallback;
pub mod pair;

use std::fmt::Display;
use std::io::{self, BufRead, Write};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV6, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use arguments::Request;
use dead::Dead;
use signal_hook::consts::SIGTERM;

fn main() -> ExitCode {
    let request = match arguments::parse(lexopt::Parser::from_env()) {
        Ok(request) => request,
        Err(error) => {
            eprintln!("ipv6: {error}\n{}", arguments::USAGE);
            return ExitCode::from(2);
        }
    };
    let done = match request {
        Request::Help => {
            print!("{}", arguments::HELP);
            Ok(())
        }
        Request::Addresses => read_addresses(),
        Request::Echo { bind } => serve_echo(bind),
        Request::Dual { bind } => serve_both(bind),
        Request::Pair { ipv6, ipv4 } => serve_pair(ipv6, ipv4),
        Request::Fallback {
            addrs,
            delay,
            timeout,
        } => return connect_and_print(&addrs, delay, timeout),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ipv6: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Answers each line of stdin with what it says, or with the reason why it says nothing.
fn read_addresses() -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        match addresses::read(&line?) {
            Ok(reading) => writeln!(stdout, "{reading}")?,
            Err(reason) => writeln!(stdout, "ERR {reason}")?,
        }
        stdout.flush()?;
    }
    Ok(())
}

fn serve_echo(addr: SocketAddrV6) -> io::Result<()> {
    exit_on_sigterm()?;
    let listener = echo::bind(addr).map_err(cannot_listen(addr))?;
    ready(listener.local_addr()?)?;
    echo::serve(&listener)
}

fn serve_both(addr: SocketAddrV6) -> io::Result<()> {
    exit_on_sigterm()?;
    let listener = dual::bind(addr).map_err(cannot_listen(addr))?;
    ready(berkeley::getsockname(&listener)?)?;
    dual::serve(&listener)
}

fn serve_pair(ipv6: SocketAddrV6, ipv4: Ipv4Addr) -> io::Result<()> {
    exit_on_sigterm()?;
    let pair = pair::bind(ipv6, ipv4).map_err(cannot_listen(format!("{ipv6} and {ipv4}")))?;
    ready(berkeley::getsockname(&pair.ipv6)?)?;
    pair::serve(&pair)
}

/// Prints what the first server says that answers.
fn connect_and_print(addrs: &[SocketAddr], delay: Duration, timeout: Duration) -> ExitCode {
    match fallback::connect(addrs, delay, timeout) {
        Ok(server) => match print_all(server) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("ipv6: the connection broke: {error}");
                ExitCode::FAILURE
            }
        },
        Err(Dead::All { last, error }) => {
            eprintln!("ipv6: no address answers; the last: {last}: {error}");
            ExitCode::FAILURE
        }
        Err(Dead::Late) => {
            eprintln!("ipv6: no answer in {} ms", timeout.as_millis());
            ExitCode::from(4)
        }
    }
}

fn print_all(mut server: TcpStream) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    io::copy(&mut server, &mut stdout)?;
    stdout.flush()
}

/// Puts the address into the reason why it cannot be listened on.
fn cannot_listen(addr: impl Display) -> impl Fn(io::Error) -> io::Error {
    move |error| io::Error::new(error.kind(), format!("cannot listen on {addr}: {error}"))
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
