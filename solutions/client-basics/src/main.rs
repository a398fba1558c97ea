//! Lab 2: TCP clients. Given: arguments, standard input and output, reasons and exit codes.
//!
//! Each stage is a subcommand and a file of its own. What the peer has to say goes to stdout,
//! byte for byte; everything else to stderr. Exit codes: 0 done, 1 it did not work or the answer
//! is no, 2 the program was called wrongly, 3 the peer broke the protocol, 4 a deadline passed.

#![forbid(unsafe_code)]

pub mod arguments;
#[allow(dead_code, reason = "a stage that is not written yet fails in no way")]
pub mod failure;
#[allow(dead_code, reason = "a stage that is not written yet prints nothing")]
pub mod output;

pub mod converse;
pub mod deadlines;
pub mod netcat;
pub mod receive;
pub mod time;
pub mod webget;

use std::fs::File;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::fd::AsFd;
use std::process::ExitCode;

use arguments::{Request, Stage};
use failure::Failure;
use output::Output;

fn main() -> ExitCode {
    let stage = match arguments::parse(lexopt::Parser::from_env()) {
        Ok(Request::Run(stage)) => stage,
        Ok(Request::Help) => {
            print!("{}", arguments::HELP);
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("client-basics: {error}\n{}", arguments::USAGE);
            return ExitCode::from(2);
        }
    };
    match run(stage) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("client-basics: {failure}");
            ExitCode::from(failure.code())
        }
    }
}

/// Connects, and does what the stage does.
fn run(stage: Stage) -> Result<(), Failure> {
    match stage {
        Stage::Receive { addr } => {
            let stream = receive::connect(addr).map_err(cannot_connect(addr))?;
            receive::receive(&stream, &Output::of_this_program()?)
        }
        Stage::Time { addr } => {
            let stream = time::connect(addr).map_err(cannot_connect(addr))?;
            let seconds = time::seconds(&stream)?;
            Ok(writeln!(&Output::of_this_program()?, "{seconds}")?)
        }
        Stage::Converse { addr } => {
            let stream = converse::connect(addr).map_err(cannot_connect(addr))?;
            converse::converse(stream, stdin()?, &Output::of_this_program()?)
        }
        Stage::Webget { target } => {
            let addr = target.addr;
            let stream = webget::connect(addr).map_err(cannot_connect(addr))?;
            webget::get(&stream, &target, &Output::of_this_program()?)
        }
        Stage::Deadlines { addr, limits } => {
            deadlines::receive(addr, limits, &Output::of_this_program()?)
        }
        Stage::Netcat { addr } => {
            let stream = netcat::connect(addr).map_err(cannot_connect(addr))?;
            netcat::exchange(stream, stdin()?, &Output::of_this_program()?)
        }
    }
}

/// Puts the address into the reason why there is no connection.
fn cannot_connect(addr: SocketAddr) -> impl Fn(io::Error) -> io::Error {
    move |error| io::Error::new(error.kind(), format!("cannot connect to {addr}: {error}"))
}

/// Standard input as a file: a read gives what is there, up to the size of the buffer, and
/// waits only when there is nothing. (`io::stdin()` keeps a buffer of its own.)
fn stdin() -> io::Result<File> {
    Ok(io::stdin().as_fd().try_clone_to_owned()?.into())
}
