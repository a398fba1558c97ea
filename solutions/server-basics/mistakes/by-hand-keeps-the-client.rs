//! Keeps every client it has served, and neither shuts down nor closes.
//! stage: by-hand
//! fails: by_hand::half_close_is_answered
//! meant: by_hand::half_close_is_answered
//! says: shut the connection down and close it

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use berkeley::{
    Addr, SO_REUSEADDR, SOCK_STREAM, Socket, accept, bind, listen, recv, send, setsockopt, socket,
};

/// Makes a socket that listens on `addr`, with room for `backlog` clients that wait to be accepted.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn make_listener(addr: SocketAddr, backlog: i32) -> io::Result<Socket> {
    let listener = socket(Addr::from(addr).family(), SOCK_STREAM, 0)?;
    // Before bind, which looks at it; and each time, because it is asked for on both sides:
    // connections in TIME_WAIT have it from the listener they came from (socket(7)).
    setsockopt(&listener, SO_REUSEADDR, true)?;
    bind(&listener, addr)?;
    listen(&listener, backlog)?;
    Ok(listener)
}

/// Serves one client after another, for ever: every byte goes back until the client's end of stream.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &Socket) -> io::Result<()> {
    let mut served = Vec::new();
    loop {
        match accept(listener) {
            Ok((client, peer)) => {
                if let Err(error) = echo(&client) {
                    eprintln!("{peer}: {error}");
                }
                served.push(client);
            }
            Err(error) => {
                eprintln!("accept: {error}");
                thread::sleep(BACK_OFF);
            }
        }
    }
}

/// How long to wait when accept fails: the listener is sound, but a lack that lasts (of
/// descriptors, say) would make it fail again at once (accept(2), EMFILE).
const BACK_OFF: Duration = Duration::from_millis(50);

/// Sends back what comes, until the end of the stream.
fn echo(client: &Socket) -> io::Result<()> {
    let mut buffer = [0; 16 * 1024];
    loop {
        let received = again(|| recv(client, &mut buffer, 0))?;
        if received == 0 {
            return Ok(());
        }
        send_all(client, &buffer[..received])?;
    }
}

/// Sends until the kernel has taken everything: one `send` may take less.
fn send_all(client: &Socket, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let taken = again(|| send(client, bytes, 0))?;
        bytes = &bytes[taken..];
    }
    Ok(())
}

/// Repeats a call that a signal has interrupted; nothing is wrong then (signal(7)).
fn again(mut call: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            outcome => return outcome,
        }
    }
}
