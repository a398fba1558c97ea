//! Knows an expired read timeout by the name that other systems give it: on Unix it is WouldBlock.
//! (The total is a thread of its own here.)
//!
//! stage: deadlines
//! fails: deadlines::silence_ends_at_the_limit
//! meant: deadlines::silence_ends_at_the_limit
//! says: On Unix an expired read timeout is WouldBlock, elsewhere TimedOut: accept both

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
    stream.set_read_timeout(limits.read)?;
    let mut buffer = [0; 16384];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => output.write_all(&buffer[..length])?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::TimedOut => {
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
