//! Passes the error of read_exact on as it is: that the server stopped inside the number counts as
//! any other error.
//!
//! stage: time
//! fails: time::three_bytes_are_no_time
//! meant: time::three_bytes_are_no_time
//! says: The stream ended in the middle of the number

use std::io::{self, Read};
use std::net::{SocketAddr, TcpStream};

use crate::failure::Failure;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn seconds(mut stream: &TcpStream) -> Result<i64, Failure> {
    let mut bytes = [0; 4];
    stream.read_exact(&mut bytes)?;
    Ok(i64::from(u32::from_be_bytes(bytes)) - 2_208_988_800)
}
