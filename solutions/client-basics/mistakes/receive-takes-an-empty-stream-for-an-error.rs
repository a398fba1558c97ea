//! Takes a server that says nothing for one that does not work.
//!
//! stage: receive
//! fails: receive::an_empty_stream_is_one
//! meant: receive::an_empty_stream_is_one
//! says: A stream may have no bytes at all

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

use crate::failure::Failure;
use crate::output::Output;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn receive(mut stream: &TcpStream, mut output: &Output) -> Result<(), Failure> {
    let mut buffer = [0; 16384];
    let mut total = 0;
    loop {
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            break;
        }
        total += length;
        output.write_all(&buffer[..length])?;
    }

    if total == 0 {
        return Err(Failure::Failed("the server sent nothing".into()));
    }
    Ok(())
}
