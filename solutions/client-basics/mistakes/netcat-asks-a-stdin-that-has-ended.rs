//! Goes on asking stdin behind its end, which is always ready to say that it has ended.
//!
//! stage: netcat
//! fails: netcat::waits_quietly
//! meant: netcat::waits_quietly
//! says: a descriptor at its end stays readable for ever, so stop asking it

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

use berkeley::{POLLIN, POLLOUT, PollFd, poll};

use crate::failure::Failure;
use crate::output::Output;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn exchange(
    mut stream: TcpStream,
    mut input: File,
    mut output: &Output,
) -> Result<(), Failure> {
    stream.set_nonblocking(true)?;
    let mut buffer = [0; 16384];
    let mut unsent: Vec<u8> = Vec::new();
    loop {
        let wanted = if unsent.is_empty() {
            POLLIN
        } else {
            POLLIN | POLLOUT
        };
        let mut fds = vec![PollFd::new(&stream, wanted)];
        if unsent.is_empty() {
            fds.push(PollFd::new(&input, POLLIN));
        }
        poll(&mut fds, None)?;
        let typed = fds.len() == 2 && !fds[1].revents.is_empty();
        if typed {
            match input.read(&mut buffer)? {
                0 => _ = stream.shutdown(Shutdown::Write),
                length => unsent.extend_from_slice(&buffer[..length]),
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => output.write_all(&buffer[..length])?,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
        if unsent.is_empty() {
            continue;
        }
        match stream.write(&unsent) {
            Ok(length) => drop(unsent.drain(..length)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
    }
}
