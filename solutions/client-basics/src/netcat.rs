//! Stage 6, `netcat`: stdin to the server and the server to stdout, both at once.
//!
//! What is asked: docs/src/labs/client-basics.md#netcat

use std::fs::File;
use std::io;
use std::net::{SocketAddr, TcpStream};
// solution:
use std::net::Shutdown;
use std::sync::{Arc, OnceLock};
use std::thread;
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

/// Sends what comes from `input` and writes what the server sends to `output`, both as it comes.
///
/// The end of `input` half-closes the connection; the server's end of stream ends it.
pub fn exchange(stream: TcpStream, input: File, output: &Output) -> Result<(), Failure> {
    // solution: let _ = (stream, input, output); todo!("send stdin and print what comes, both at once, until the server's end")
    // Bytes are to leave at once, also when those before are not acknowledged yet (tcp(7)).
    stream.set_nodelay(true)?;
    let stream = Arc::new(stream);
    let sent = Arc::new(OnceLock::new());
    // One direction a thread: neither waits for the other. The one that waits for stdin can be
    // woken by nobody: it is not joined, and ends with the program.
    thread::spawn({
        let (stream, sent) = (Arc::clone(&stream), Arc::clone(&sent));
        move || {
            let _ = sent.set(io::copy(&mut &input, &mut &*stream));
            // Says that there is no more to come, and leaves the other direction as it is. An
            // error means that there is no connection any more; reading tells that.
            let _ = stream.shutdown(Shutdown::Write);
        }
    });
    let received = io::copy(&mut &*stream, &mut &*output);
    // A reset is told only once, to one of the two directions: either may know of it.
    match (received, sent.get()) {
        (Ok(_), None | Some(Ok(_))) => Ok(()),
        (Err(error), _) => Err(error.into()),
        (Ok(_), Some(Err(error))) => Err(Failure::Failed(format!("cannot send: {error}"))),
    }
    // end
}
