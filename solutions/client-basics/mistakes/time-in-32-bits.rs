//! Subtracts in 32 bits without a sign: there is no time before 1970.
//!
//! stage: time
//! fails: time::a_time_before_1970_is_negative
//! meant: time::a_time_before_1970_is_negative
//! says: one below 2208988800 is a time before 1970

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
        [a, b, c, d] => Ok(i64::from(u32::from_be_bytes([a, b, c, d]) - 2_208_988_800)),
        [] => Err(Failure::Failed("no time".into())),
        _ => Err(Failure::Protocol("half a time".into())),
    }
}
