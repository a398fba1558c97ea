//! `receive` by way of std's own loop.

use std::io;
use std::net::{SocketAddr, TcpStream};

use crate::failure::Failure;
use crate::output::Output;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(addr)?;
    // Nothing is ever sent.
    stream.shutdown(std::net::Shutdown::Write)?;
    Ok(stream)
}

pub fn receive(mut stream: &TcpStream, mut output: &Output) -> Result<(), Failure> {
    io::copy(&mut stream, &mut output)?;
    Ok(())
}
