//! Sends all of stdin before it reads from the server.
//!
//! stage: netcat
//! fails: netcat::passes_bytes_both_ways
//!        netcat::the_servers_end_is_the_end
//!        netcat::an_echo_fills_both_ways
//!        netcat::waits_quietly
//!        netcat::a_reset_is_told
//! meant: netcat::an_echo_fills_both_ways
//! says: read while you write, with a thread for each direction

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

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
    let mut all = Vec::new();
    input.read_to_end(&mut all)?;
    stream.write_all(&all)?;
    stream.shutdown(Shutdown::Write)?;
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
