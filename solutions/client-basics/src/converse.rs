//! Stage 3, `converse`: send lines and print the replies, both at their own pace.
//!
//! What is asked: docs/src/labs/client-basics.md#converse

use std::fs::File;
use std::io;
use std::net::{SocketAddr, TcpStream};
// solution:
use std::io::{Read, Write};
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

/// Sends each line of `requests`, half-closes behind the last one, and writes what comes back to
/// `replies`, to the end of the server's stream.
pub fn converse(stream: TcpStream, requests: File, replies: &Output) -> Result<(), Failure> {
    // solution: let _ = (stream, requests, replies); todo!("send the lines of stdin and print the replies, both at once; then see that no reply is missing")
    // A line is to leave at once, also when the one before is not acknowledged yet: without
    // this the second of two small writes waits for the other end's acknowledgement, which
    // may be delayed (RFC 9293 3.7.4, 3.8.6.3).
    stream.set_nodelay(true)?;
    let stream = Arc::new(stream);
    let asked = Arc::new(OnceLock::new());
    // Replies are read here while requests are sent there. A thread that waits for stdin can be
    // woken by nobody: it is not joined, and ends with the program.
    thread::spawn({
        let (stream, asked) = (Arc::clone(&stream), Arc::clone(&asked));
        move || {
            // In this order: who sees the server's end is to know how many lines were asked.
            let _ = asked.set(send(&requests, &stream));
            // An error here means that there is no connection any more; reading tells that.
            let _ = stream.shutdown(Shutdown::Write);
        }
    });
    let answered = print(&stream, replies)?;
    match asked.get() {
        Some(Ok(asked)) if answered >= *asked => Ok(()),
        Some(Ok(asked)) => Err(Failure::Protocol(format!(
            "the server answered {answered} of {asked} lines"
        ))),
        Some(Err(error)) => Err(Failure::Failed(format!("cannot send: {error}"))),
        None => Err(Failure::Protocol(format!(
            "the server ended the conversation, after {answered} replies, while there was more to ask"
        ))),
    }
    // end
}

// solution:
/// Sends what comes, as it comes: whole lines from a file, a line at a time from a keyboard.
/// Gives the number of lines.
fn send(mut requests: &File, mut stream: &TcpStream) -> io::Result<u64> {
    let mut buffer = [0; 16 * 1024];
    let mut lines = 0;
    let mut last = b'\n';
    loop {
        let length = requests.read(&mut buffer)?;
        let part = &buffer[..length];
        if part.is_empty() {
            break;
        }
        stream.write_all(part)?;
        lines += line_ends(part);
        last = part[length - 1];
    }
    if last != b'\n' {
        // To the server, a line without its end is no request.
        stream.write_all(b"\n")?;
        lines += 1;
    }
    Ok(lines)
}

/// Prints what comes, as it comes, to the server's end. Gives the number of lines.
fn print(mut stream: &TcpStream, mut replies: &Output) -> io::Result<u64> {
    let mut buffer = [0; 16 * 1024];
    let mut lines = 0;
    loop {
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            return Ok(lines);
        }
        replies.write_all(&buffer[..length])?;
        lines += line_ends(&buffer[..length]);
    }
}

fn line_ends(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}
// end
