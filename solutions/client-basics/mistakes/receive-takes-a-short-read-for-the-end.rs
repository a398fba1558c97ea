//! Takes a read that does not fill the buffer for the last one.
//!
//! stage: receive
//! fails: receive::prints_as_it_comes
//!        receive::ten_megabytes_come_whole
//!        receive::a_reset_keeps_what_came
//! meant: receive::ten_megabytes_come_whole
//! says: neither a full buffer nor a read that brings little is the end

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

use crate::failure::Failure;
use crate::output::Output;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn receive(mut stream: &TcpStream, mut output: &Output) -> Result<(), Failure> {
    let mut buffer = [0; 16384];
    loop {
        let length = stream.read(&mut buffer)?;
        output.write_all(&buffer[..length])?;
        if length < buffer.len() {
            return Ok(());
        }
    }
}
