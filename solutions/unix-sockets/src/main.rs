//! Lab 5: Unix sockets. Given: arguments, the READY line, signals and exit codes.
//!
//! Each stage is a subcommand and a file of its own. Exit codes: 0 on SIGTERM, 1 with a
//! reason on stderr when the stage cannot serve, 2 when the program was called wrongly.

#![forbid(unsafe_code)]

pub mod arguments;
pub mod clients;
pub mod signals;

// `abstract` is a word of the language, and `r#abstract` is the name.
#[cfg(target_os = "linux")]
pub mod r#abstract;
pub mod credentials;
pub mod datagrams;
pub mod pass_file;
pub mod path;

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::process::ExitCode;

use arguments::{Request, Stage};
use berkeley::{AF_UNIX, Addr, SOCK_DGRAM, SOCK_STREAM, Socket, SocketType};

fn main() -> ExitCode {
    let stage = match arguments::parse(lexopt::Parser::from_env()) {
        Ok(Request::Run(stage)) => stage,
        Ok(Request::Help) => {
            print!("{}", arguments::HELP);
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("unix-sockets: {error}\n{}", arguments::USAGE);
            return ExitCode::from(2);
        }
    };
    match run(stage) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("unix-sockets: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Binds, says READY, serves; or connects.
fn run(stage: Stage) -> io::Result<()> {
    match stage {
        Stage::Path { path } => {
            let addr = Addr::Path(path.clone());
            let listener = path::bind(&path).map_err(cannot("listen on", &addr))?;
            signals::on_sigterm(move || path::leave(&path))?;
            ready(&addr)?;
            clients::one_by_one(&listener, clients::echo)
        }
        Stage::Datagrams { bind, log } => {
            let log = File::options()
                .append(true)
                .create(true)
                .open(&log)
                .map_err(|error| {
                    io::Error::new(
                        error.kind(),
                        format!("cannot open {}: {error}", log.display()),
                    )
                })?;
            let socket = UnixDatagram::from(bound(&bind, SOCK_DGRAM)?);
            ready(&bind)?;
            datagrams::serve(&socket, &log)
        }
        #[cfg(target_os = "linux")]
        Stage::Abstract { name } => {
            let addr = Addr::Abstract(name.clone());
            let listener = r#abstract::bind(&name).map_err(cannot("listen on", &addr))?;
            signals::on_sigterm(|| Ok(()))?;
            ready(&addr)?;
            clients::one_by_one(&listener, clients::echo)
        }
        #[cfg(target_os = "linux")]
        Stage::AbstractClient { name } => {
            let addr = Addr::Abstract(name.clone());
            let server = r#abstract::connect(&name).map_err(cannot("connect to", &addr))?;
            clients::converse(&server)
        }
        Stage::Credentials { bind, allow_uid } => {
            let listener = listen(&bind)?;
            ready(&bind)?;
            clients::one_by_one(&listener, |client| credentials::converse(client, allow_uid))
        }
        Stage::PassFile { bind, root } => {
            let listener = listen(&bind)?;
            ready(&bind)?;
            clients::one_by_one(&listener, |client| pass_file::converse(client, &root))
        }
    }
}

/// A listener, for the stages whose lesson lies behind it.
fn listen(addr: &Addr) -> io::Result<UnixListener> {
    let socket = bound(addr, SOCK_STREAM)?;
    berkeley::listen(&socket, 128)?;
    Ok(socket.into())
}

/// A socket at `addr`, for the stages whose lesson lies behind it. On SIGTERM its file is removed
/// and the program ends.
fn bound(addr: &Addr, kind: SocketType) -> io::Result<Socket> {
    let socket = berkeley::socket(AF_UNIX, kind, 0)?;
    berkeley::bind(&socket, addr).map_err(cannot("bind to", addr))?;
    let addr = addr.clone();
    signals::on_sigterm(move || match addr {
        Addr::Path(path) => fs::remove_file(path),
        _ => Ok(()),
    })?;
    Ok(socket)
}

/// Puts the address into the reason why it cannot be used.
fn cannot(use_it: &str, addr: &Addr) -> impl Fn(io::Error) -> io::Error {
    move |error| io::Error::new(error.kind(), format!("cannot {use_it} {addr}: {error}"))
}

/// Says where clients can connect. A pipe's buffer is flushed: whoever started the server waits for it.
fn ready(addr: &Addr) -> io::Result<()> {
    let mut stdout = io::stdout();
    writeln!(stdout, "READY {addr}")?;
    stdout.flush()
}
