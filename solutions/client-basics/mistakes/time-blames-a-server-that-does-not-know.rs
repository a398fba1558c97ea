//! Takes a server that closes without a word for one that broke the protocol.
//!
//! stage: time
//! fails: time::a_server_may_not_know
//! meant: time::a_server_may_not_know
//! says: A server that does not know the time closes without sending anything

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
        [a, b, c, d] => Ok(i64::from(u32::from_be_bytes([a, b, c, d])) - 2_208_988_800),
        _ => Err(Failure::Protocol("half a time".into())),
    }
}
