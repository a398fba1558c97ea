//! `receive` with the calls themselves.

use std::io::{self, ErrorKind, Write};
use std::net::SocketAddr;

use berkeley::{Addr, SOCK_STREAM, Socket, recv, socket};

use crate::failure::Failure;
use crate::output::Output;

pub fn connect(addr: SocketAddr) -> io::Result<Socket> {
    let socket = socket(Addr::from(addr).family(), SOCK_STREAM, 0)?;
    berkeley::connect(&socket, addr)?;
    Ok(socket)
}

pub fn receive(server: &Socket, mut output: &Output) -> Result<(), Failure> {
    let mut buffer = vec![0; 4096];
    loop {
        match recv(server, &mut buffer, 0) {
            Ok(0) => return Ok(()),
            Ok(received) => output.write_all(&buffer[..received])?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(Failure::from(error)),
        }
    }
}
