//! Takes the number for one with a sign, so that every time since 1968 is negative.
//!
//! stage: time
//! fails: time::prints_unix_seconds
//!        time::a_time_in_pieces_is_one
//!        time::does_not_wait_for_the_end
//! meant: time::prints_unix_seconds
//! says: The number is 32 bits without a sign

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
        [a, b, c, d] => Ok(i64::from(i32::from_be_bytes([a, b, c, d])) - 2_208_988_800),
        [] => Err(Failure::Failed("no time".into())),
        _ => Err(Failure::Protocol("half a time".into())),
    }
}
