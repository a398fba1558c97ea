//! Lab 8: sequenced packets. Given: arguments, the READY line, signals and exit codes.
//!
//! Each stage is a subcommand and a file of its own. Exit codes: 0 done (a server: on SIGTERM);
//! 1 with a reason on stderr when it did not work, or a message was too long to be sent; 2 when
//! the program was called wrongly; 4 when there was no room for a message in time.

#![forbid(unsafe_code)]

pub mod arguments;
pub mod clients;
pub mod script;
pub mod signals;
#[allow(dead_code, reason = "a stage that is not written yet uses none of it")]
pub mod store;

pub mod compare;
pub mod limits;
pub mod rpc;
// MSG_TRUNC and SO_PASSCRED are Linux's, and so are the sockets.
#[cfg(target_os = "linux")]
pub mod truncation;

use std::fs;
use std::io::{self, BufRead, ErrorKind, Write};
use std::process::ExitCode;
use std::time::Duration;

use arguments::{Request, Stage};
use berkeley::{Addr, Socket};
use limits::Fate;

fn main() -> ExitCode {
    let stage = match arguments::parse(lexopt::Parser::from_env()) {
        Ok(Request::Run(stage)) => stage,
        Ok(Request::Help) => {
            print!("{}", arguments::HELP);
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("sequenced-packets: {error}\n{}", arguments::USAGE);
            return ExitCode::from(2);
        }
    };
    run(stage).unwrap_or_else(|error| {
        eprintln!("sequenced-packets: {error}");
        ExitCode::FAILURE
    })
}

/// Plays a script, serves, or sends.
fn run(stage: Stage) -> io::Result<ExitCode> {
    match stage {
        Stage::Compare => play_script(),
        Stage::Rpc { bind } => {
            let listener = rpc::bind(&bind).map_err(cannot("listen on", &bind))?;
            ready(&bind)?;
            clients::each_in_a_thread(&listener, rpc::converse)
        }
        #[cfg(target_os = "linux")]
        Stage::Truncation { bind, max } => {
            let listener = listen(&bind).map_err(cannot("listen on", &bind))?;
            ready(&bind)?;
            clients::each_in_a_thread(&listener, move |client| truncation::converse(client, max))
        }
        Stage::Limits { server, wait } => send_lines(&server, wait),
    }
}

/// Takes the steps of the script on stdin over each type of socket, and prints what came of them.
fn play_script() -> io::Result<ExitCode> {
    let steps = match script::read(io::stdin().lock()) {
        Ok(steps) => steps,
        Err(error) if error.kind() == ErrorKind::InvalidInput => {
            eprintln!("sequenced-packets: {error}");
            return Ok(ExitCode::from(2));
        }
        Err(error) => return Err(error),
    };
    let mut stdout = io::stdout().lock();
    for (name, kind) in script::TYPES {
        let taken = compare::take(kind, &steps);
        let results =
            taken.map_err(|error| io::Error::new(error.kind(), format!("{name}: {error}")))?;
        for result in results {
            writeln!(stdout, "{name} {result}")?;
        }
    }
    stdout.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Sends each line of stdin as a message, without its line end, and prints what became of it.
fn send_lines(addr: &Addr, wait: Duration) -> io::Result<ExitCode> {
    let server = limits::connect(addr).map_err(cannot("connect to", addr))?;
    let (mut stdin, mut stdout) = (io::stdin().lock(), io::stdout().lock());
    let mut all_sent = true;
    let mut line = Vec::new();
    loop {
        line.clear();
        if stdin.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let message = line.strip_suffix(b"\n").unwrap_or(&line);
        let length = message.len();
        match limits::send(&server, message, wait)? {
            Fate::Sent => writeln!(stdout, "SENT {length}")?,
            Fate::TooLong { most } => {
                writeln!(stdout, "TOOLONG {length} {most}")?;
                all_sent = false;
            }
            Fate::NoRoom => {
                writeln!(stdout, "FULL {length}")?;
                stdout.flush()?;
                let ms = wait.as_millis();
                eprintln!(
                    "sequenced-packets: the queue was full for {ms} ms; not sent: this message and what comes after it"
                );
                return Ok(ExitCode::from(4));
            }
        }
        stdout.flush()?;
    }
    Ok(if all_sent {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A listener for sequenced packets, for the stage whose lesson lies behind it.
#[cfg(target_os = "linux")]
fn listen(addr: &Addr) -> io::Result<Socket> {
    use berkeley::{AF_UNIX, SOCK_SEQPACKET};

    let socket = berkeley::socket(AF_UNIX, SOCK_SEQPACKET, 0)?;
    berkeley::bind(&socket, addr)?;
    berkeley::listen(&socket, 128)?;
    Ok(socket)
}

/// Puts the address into the reason why it cannot be used.
fn cannot(use_it: &str, addr: &Addr) -> impl Fn(io::Error) -> io::Error {
    move |error| io::Error::new(error.kind(), format!("cannot {use_it} {addr}: {error}"))
}

/// Says where clients can connect, and sees to what becomes of a path on SIGTERM. A pipe's buffer is
/// flushed: whoever started the server waits for it.
fn ready(addr: &Addr) -> io::Result<()> {
    let bound = addr.clone();
    signals::on_sigterm(move || match bound {
        Addr::Path(path) => fs::remove_file(path),
        _ => Ok(()),
    })?;
    let mut stdout = io::stdout();
    writeln!(stdout, "READY {addr}")?;
    stdout.flush()
}
