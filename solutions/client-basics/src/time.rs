//! Stage 2, `time`: ask a server for the time (RFC 868).
//!
//! What is asked: docs/src/labs/client-basics.md#time

use std::io;
use std::net::{SocketAddr, TcpStream};
// solution:
use std::io::Read;
// end

use crate::failure::Failure;

/// Connects to the server at `addr`.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    // solution: todo!("connect to the server at {addr}")
    TcpStream::connect(addr)
    // end
}

/// The server's time in seconds since 1 January 1970, which `main` prints.
pub fn seconds(stream: &TcpStream) -> Result<i64, Failure> {
    // solution: let _ = (stream,); todo!("read 4 bytes and make them seconds since 1970")
    // A read may return a part of the four bytes; read_to_end reads again until it has what
    // `take` lets through, or until the server's end.
    let mut bytes = Vec::new();
    stream.take(4).read_to_end(&mut bytes)?;
    match bytes[..] {
        // The first byte on the wire is the most significant one: network byte order.
        [a, b, c, d] => Ok(i64::from(u32::from_be_bytes([a, b, c, d])) - FROM_1900_TO_1970),
        // A server that does not know the time closes without sending anything (RFC 868).
        [] => Err(Failure::Failed(
            "the server does not know the time".to_owned(),
        )),
        _ => Err(Failure::Protocol(format!(
            "the server sent {} of the 4 bytes of a time",
            bytes.len()
        ))),
    }
    // end
}

// solution:
/// Seconds from 1 January 1900, where the protocol begins to count, to 1 January 1970 (RFC 868).
const FROM_1900_TO_1970: i64 = 2_208_988_800;
// end
