//! Takes the bytes in the order of this machine, where it is little-endian.
//!
//! stage: time
//! fails: time::prints_unix_seconds
//!        time::a_time_in_pieces_is_one
//!        time::does_not_wait_for_the_end
//!        time::a_time_before_1970_is_negative
//! meant: time::prints_unix_seconds
//! says: network byte order, which is big-endian

use std::io::{self, Read};
use std::net::{SocketAddr, TcpStream};

use crate::failure::Failure;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn seconds(stream: &TcpStream) -> Result<i64, Failure> {
    let mut bytes = Vec::new();
    stream.take(4).read_to_end(&mut bytes)?;
    match bytes[..] {
        [a, b, c, d] => Ok(i64::from(u32::from_le_bytes([a, b, c, d])) - 2_208_988_800),
        [] => Err(Failure::Failed("no time".into())),
        _ => Err(Failure::Protocol("half a time".into())),
    }
}
