//! A client that prints for ever: all of a client's output is its answer, so it is kept.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream};

use crate::failure::Failure;
use crate::output::Output;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn receive(stream: &TcpStream, output: &Output) -> Result<(), Failure> {
    let _ = (stream, output);
    let mut stdout = io::stdout().lock();
    while stdout.write_all(&[b'x'; 65536]).is_ok() {}
    Ok(())
}
