//! Stage 1, `receive`: print what a server has to say, to its end.
//!
//! What is asked: docs/src/labs/client-basics.md#receive

use std::io;
use std::net::{SocketAddr, TcpStream};
// solution:
use std::io::{Read, Write};
// end

use crate::failure::Failure;
use crate::output::Output;

/// Connects to the server at `addr`.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    // solution: todo!("connect to the server at {addr}")
    TcpStream::connect(addr)
    // end
}

/// Writes to `output` what comes from the server, as it comes, to the end of its stream.
pub fn receive(stream: &TcpStream, output: &Output) -> Result<(), Failure> {
    // solution: let _ = (stream, output); todo!("print what the server sends as it comes, until read returns 0")
    copy(stream, output)
    // end
}

// solution:
/// Whatever the server sends, and however much, one small buffer is enough: what has been
/// read is written before the next read. So nothing is lost when the next read fails.
fn copy(mut stream: &TcpStream, mut output: &Output) -> Result<(), Failure> {
    let mut buffer = [0; 16 * 1024];
    loop {
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        output.write_all(&buffer[..length])?;
    }
}
// end
