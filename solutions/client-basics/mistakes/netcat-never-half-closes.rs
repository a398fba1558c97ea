//! Keeps to itself that stdin has ended.
//!
//! stage: netcat
//! fails: netcat::the_end_of_stdin_is_not_the_end
//!        netcat::an_echo_fills_both_ways
//!        netcat::waits_quietly
//! meant: netcat::the_end_of_stdin_is_not_the_end
//! says: The server cannot see that stdin has ended

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;

use crate::failure::Failure;
use crate::output::Output;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn exchange(
    mut stream: TcpStream,
    mut input: File,
    mut output: &Output,
) -> Result<(), Failure> {
    let mut sending = stream.try_clone()?;
    thread::spawn(move || {
        _ = pass(&mut input, &mut sending);
    });
    pass(&mut stream, &mut output)?;
    Ok(())
}

fn pass(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let mut buffer = [0; 16384];
    loop {
        let length = from.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        to.write_all(&buffer[..length])?;
    }
}
