//! Takes an error of read for something that cannot happen.
//!
//! stage: receive
//! fails: receive::a_reset_keeps_what_came
//! meant: receive::a_reset_keeps_what_came
//! says: A reset is a normal network event: report it and exit 1

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
        let length = stream.read(&mut buffer).unwrap();
        if length == 0 {
            return Ok(());
        }
        output.write_all(&buffer[..length])?;
    }
}
