//! `time` with read_exact, which tells that bytes are missing, but not how many.

use std::io::{self, ErrorKind, Read};
use std::net::{SocketAddr, TcpStream};

use crate::failure::Failure;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn seconds(mut stream: &TcpStream) -> Result<i64, Failure> {
    let mut first = [0; 1];
    match stream.read_exact(&mut first) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
            return Err(Failure::Failed("the server closed without a word".into()));
        }
        outcome => outcome?,
    }
    let mut others = [0; 3];
    match stream.read_exact(&mut others) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
            return Err(Failure::Protocol("the time is cut off".into()));
        }
        outcome => outcome?,
    }
    let [b, c, d] = others;
    let since_1900 = u32::from_be_bytes([first[0], b, c, d]);
    Ok(i64::from(since_1900) - 2_208_988_800)
}
