//! Takes what one read gives for the whole time.
//!
//! stage: time
//! fails: time::a_time_in_pieces_is_one
//! meant: time::a_time_in_pieces_is_one
//! says: TCP gave you a part of the four bytes

use std::io::{self, Read};
use std::net::{SocketAddr, TcpStream};

use crate::failure::Failure;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn seconds(mut stream: &TcpStream) -> Result<i64, Failure> {
    let mut bytes = [0; 4];
    match stream.read(&mut bytes)? {
        0 => Err(Failure::Failed("no time".into())),
        4 => Ok(i64::from(u32::from_be_bytes(bytes)) - 2_208_988_800),
        length => Err(Failure::Protocol(format!("a time of {length} bytes"))),
    }
}
