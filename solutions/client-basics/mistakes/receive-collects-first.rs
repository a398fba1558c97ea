//! Reads to the end before it prints: nothing is shown until then, all of it lies in memory, and a
//! reset takes it away.
//!
//! stage: receive
//! fails: receive::prints_as_it_comes
//!        receive::ten_megabytes_come_whole
//!        receive::a_reset_keeps_what_came
//! meant: receive::prints_as_it_comes
//! says: Print what each read gives you at once

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

use crate::failure::Failure;
use crate::output::Output;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn receive(mut stream: &TcpStream, mut output: &Output) -> Result<(), Failure> {
    let mut all = Vec::new();
    stream.read_to_end(&mut all)?;
    output.write_all(&all)?;
    Ok(())
}
