//! Reads to the end of the stream, though it has what it needs.
//!
//! stage: time
//! fails: time::does_not_wait_for_the_end
//! meant: time::does_not_wait_for_the_end
//! says: The message has four bytes: when you have them, nothing more needs to come

use std::io::{self, Read};
use std::net::{SocketAddr, TcpStream};

use crate::failure::Failure;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn seconds(mut stream: &TcpStream) -> Result<i64, Failure> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    match bytes[..] {
        [a, b, c, d, ..] => Ok(i64::from(u32::from_be_bytes([a, b, c, d])) - 2_208_988_800),
        [] => Err(Failure::Failed("no time".into())),
        _ => Err(Failure::Protocol("half a time".into())),
    }
}
