//! Prints what comes as it comes, and keeps it all the same, to count it at the end.
//!
//! stage: receive
//! fails: receive::ten_megabytes_come_whole
//! meant: receive::ten_megabytes_come_whole
//! says: One small buffer is enough for a stream of any length

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

use crate::failure::Failure;
use crate::output::Output;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn receive(mut stream: &TcpStream, mut output: &Output) -> Result<(), Failure> {
    let mut all = Vec::new();
    let mut buffer = [0; 16384];
    loop {
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            eprintln!("{} bytes", all.len());
            return Ok(());
        }
        output.write_all(&buffer[..length])?;
        all.extend_from_slice(&buffer[..length]);
    }
}
