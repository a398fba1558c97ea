//! Waits for a line of stdin, where there are only bytes.
//!
//! stage: netcat
//! fails: netcat::passes_bytes_both_ways
//!        netcat::the_servers_end_is_the_end
//!        netcat::waits_quietly
//! meant: netcat::passes_bytes_both_ways
//! says: there are no lines here, and neither a newline nor the end need come

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::thread;

use crate::failure::Failure;
use crate::output::Output;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn exchange(mut stream: TcpStream, input: File, mut output: &Output) -> Result<(), Failure> {
    let mut sending = stream.try_clone()?;
    thread::spawn(move || {
        let mut input = BufReader::new(input);
        let mut line = Vec::new();
        while let Ok(1..) = input.read_until(b'\n', &mut line) {
            if sending.write_all(&line).is_err() {
                return;
            }
            line.clear();
        }
        _ = sending.shutdown(Shutdown::Write);
    });
    pass(&mut stream, &mut output)?;
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
