//! Prints the whole buffer, whatever a read has put into it.
//!
//! stage: receive
//! fails: receive::copies_what_comes
//!        receive::prints_as_it_comes
//!        receive::ten_megabytes_come_whole
//!        receive::a_reset_keeps_what_came
//! meant: receive::copies_what_comes
//! says: exactly what read put into your buffer, &buffer[..n]

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
        output.write_all(&buffer)?;
    }
}
