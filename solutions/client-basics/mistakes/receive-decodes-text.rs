//! Takes what comes for text: bytes that are none are replaced.
//!
//! stage: receive
//! fails: receive::copies_what_comes
//!        receive::prints_as_it_comes
//!        receive::ten_megabytes_come_whole
//!        receive::a_reset_keeps_what_came
//! meant: receive::copies_what_comes
//! says: Sockets carry bytes: write to stdout exactly what read put into your buffer

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
        if length == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&buffer[..length]);
        output.write_all(text.as_bytes())?;
    }
}
