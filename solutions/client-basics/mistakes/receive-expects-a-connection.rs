//! Takes an error of connect for something that cannot happen.
//!
//! stage: receive
//! fails: receive::a_refusal_is_told
//! meant: receive::a_refusal_is_told
//! says: That nobody listens is an answer

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

use crate::failure::Failure;
use crate::output::Output;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    Ok(TcpStream::connect(addr).expect("a server"))
}

pub fn receive(mut stream: &TcpStream, mut output: &Output) -> Result<(), Failure> {
    let mut buffer = [0; 16384];
    loop {
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        output.write_all(&buffer[..length])?;
    }
}
