//! Reads as long as reading works: a reset passes for the end of the stream.
//!
//! stage: netcat
//! fails: netcat::a_reset_is_told
//! meant: netcat::a_reset_is_told
//! says: A connection that breaks is not one that ends

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::thread;

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
    let mut sending = stream.try_clone()?;
    thread::spawn(move || {
        if pass(&mut input, &mut sending).is_ok() {
            _ = sending.shutdown(Shutdown::Write);
        }
    });
    let mut buffer = [0; 16384];
    while let Ok(length @ 1..) = stream.read(&mut buffer) {
        output.write_all(&buffer[..length])?;
    }
    Ok(())
}

fn pass(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let mut buffer = [0; 16384];
    loop {
        let length = from.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        to.write_all(&buffer[..length])?;
    }
}
