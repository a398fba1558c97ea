//! Lab 3: datagrams. Given: arguments, the READY line, signals and exit codes.
//!
//! Each stage is a subcommand and a file of its own. Exit codes: 0 done (a server: on SIGTERM),
//! 1 with a reason on stderr when it did not work or the answer is no, 2 when the program was
//! called wrongly; of a client 3 when the peer broke the protocol and 4 when the deadline passed.

#![forbid(unsafe_code)]

pub mod arguments;
#[allow(dead_code, reason = "a stage that is not written yet uses none of it")]
pub mod failure;
#[allow(dead_code, reason = "a stage that is not written yet uses none of it")]
pub mod random;
#[allow(dead_code, reason = "a stage that is not written yet uses none of it")]
pub mod store;

pub mod answer;
pub mod ask;
pub mod echo;
pub mod limits;
pub mod ping;
pub mod tftp;

use std::fmt::Display;
use std::fs;
use std::io::{self, Write};
use std::net::{SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use arguments::{Request, Stage};
use failure::Failure;
use signal_hook::consts::SIGTERM;

fn main() -> ExitCode {
    let stage = match arguments::parse(lexopt::Parser::from_env()) {
        Ok(Request::Run(stage)) => stage,
        Ok(Request::Help) => {
            print!("{}", arguments::HELP);
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("udp: {error}\n{}", arguments::USAGE);
            return ExitCode::from(2);
        }
    };
    match run(&stage) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("udp: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Serves for ever, or asks once.
fn run(stage: &Stage) -> Result<(), Failure> {
    match stage {
        Stage::Echo { bind } => {
            exit_on_sigterm()?;
            let socket = echo::bind(*bind).map_err(cannot_receive(*bind))?;
            ready(socket.local_addr()?)?;
            echo::serve(&socket)?;
        }
        Stage::Ping { server, plan } => ping::run(*server, plan, &mut io::stdout().lock())?,
        Stage::Ask {
            server,
            operation,
            retry,
        } => {
            let value = ask::ask(*server, operation, *retry)?;
            let mut stdout = io::stdout();
            stdout.write_all(&value)?;
            stdout.flush()?;
        }
        Stage::Answer { bind } => {
            exit_on_sigterm()?;
            answer::serve(&receive_at(*bind)?)?;
        }
        Stage::Limits { bind } => {
            exit_on_sigterm()?;
            limits::serve(&receive_at(*bind)?)?;
        }
        Stage::Tftp { bind, root, retry } => {
            exit_on_sigterm()?;
            let root = folder(root)?;
            tftp::serve(&receive_at(*bind)?, &root, *retry)?;
        }
    }
    Ok(())
}

/// A socket that receives at `addr`, of which READY tells.
fn receive_at(addr: SocketAddr) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind(addr).map_err(cannot_receive(addr))?;
    ready(socket.local_addr()?)?;
    Ok(socket)
}

/// Puts the address into the reason why it cannot be received at.
fn cannot_receive(addr: SocketAddr) -> impl Fn(io::Error) -> io::Error {
    move |error| io::Error::new(error.kind(), format!("cannot receive at {addr}: {error}"))
}

/// Says where datagrams can be sent. A pipe's buffer is flushed: whoever started the server waits for it.
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

/// The folder at `path`, as an absolute path without links.
fn folder(path: &Path) -> io::Result<PathBuf> {
    let found = fs::canonicalize(path).and_then(|path| {
        if path.is_dir() {
            Ok(path)
        } else {
            Err(io::ErrorKind::NotADirectory.into())
        }
    });
    found.map_err(|error| {
        let reason = format!("cannot serve the folder {}: {error}", path.display());
        io::Error::new(error.kind(), reason)
    })
}
