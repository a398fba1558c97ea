//! Reads as long as reading works: a reset passes for the end of the stream.
//!
//! stage: receive
//! fails: receive::a_reset_keeps_what_came
//! meant: receive::a_reset_keeps_what_came
//! says: report it and exit 1

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

use crate::failure::Failure;
use crate::output::Output;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn receive(mut stream: &TcpStream, mut output: &Output) -> Result<(), Failure> {
    let mut buffer = [0; 16384];
    while let Ok(length @ 1..) = stream.read(&mut buffer) {
        output.write_all(&buffer[..length])?;
    }
    Ok(())
}
