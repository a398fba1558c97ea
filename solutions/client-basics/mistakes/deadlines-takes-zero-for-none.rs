//! Gives std a timeout of zero where there is none: zero is refused.
//!
//! stage: deadlines
//! fails: deadlines::no_limit_is_none
//!        deadlines::a_black_hole_is_given_up
//!        deadlines::the_total_covers_connecting
//!        deadlines::a_connection_made_has_met_its_limit
//!        deadlines::a_refusal_is_told_at_once
//!        deadlines::a_limit_passes_while_it_is_stopped
//! meant: deadlines::no_limit_is_none
//! says: No limit is None. Zero is another thing

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process;
use std::thread;
use std::time::Duration;

use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub connect: Option<Duration>,
    pub read: Option<Duration>,
    pub total: Option<Duration>,
}

pub fn receive(addr: SocketAddr, limits: Limits, mut output: &Output) -> Result<(), Failure> {
    if let Some(total) = limits.total {
        thread::spawn(move || {
            thread::sleep(total);
            eprintln!("too late: --total-timeout");
            process::exit(4);
        });
    }
    let mut stream = connect(addr, limits.connect)?;
    stream.set_read_timeout(Some(limits.read.unwrap_or(Duration::ZERO)))?;
    let mut buffer = [0; 16384];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => output.write_all(&buffer[..length])?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                return Err(Failure::Deadline("too late: --read-timeout".into()));
            }
            Err(error) => return Err(error.into()),
        }
    }
}

fn connect(addr: SocketAddr, limit: Option<Duration>) -> Result<TcpStream, Failure> {
    let Some(limit) = limit else {
        return Ok(TcpStream::connect(addr)?);
    };
    TcpStream::connect_timeout(&addr, limit).map_err(|error| match error.kind() {
        ErrorKind::TimedOut => Failure::Deadline("too late: --connect-timeout".into()),
        _ => error.into(),
    })
}
