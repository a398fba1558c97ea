//! Sets SO_REUSEPORT beside SO_REUSEADDR, to be on the safe side.
//! stage: by-hand
//! fails: by_hand::two_servers_do_not_share_the_port
//! meant: by_hand::two_servers_do_not_share_the_port
//! says: what you want is SO_REUSEADDR

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use berkeley::{
    Addr, SHUT_WR, SO_REUSEADDR, SO_REUSEPORT, SOCK_STREAM, Socket, accept, bind, close, listen,
    recv, send, setsockopt, shutdown, socket,
};

/// Makes a socket that listens on `addr`, with room for `backlog` clients that wait to be accepted.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn make_listener(addr: SocketAddr, backlog: i32) -> io::Result<Socket> {
    let listener = socket(Addr::from(addr).family(), SOCK_STREAM, 0)?;
    // Before bind, which looks at it; and each time, because it is asked for on both sides:
    // connections in TIME_WAIT have it from the listener they came from (socket(7)).
    setsockopt(&listener, SO_REUSEADDR, true)?;
    setsockopt(&listener, SO_REUSEPORT, true)?;
    bind(&listener, addr)?;
    listen(&listener, backlog)?;
    Ok(listener)
}

/// Serves one client after another, for ever: every byte goes back until the client's end of stream.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &Socket) -> io::Result<()> {
    loop {
        match accept(listener) {
            Ok((client, peer)) => {
                if let Err(error) = echo(&client) {
                    eprintln!("{peer}: {error}");
                }
                close(client);
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

/// Sends back what comes, and answers the end of the stream with the end of the stream.
fn echo(client: &Socket) -> io::Result<()> {
    let mut buffer = [0; 16 * 1024];
    loop {
        let received = again(|| recv(client, &mut buffer, 0))?;
        if received == 0 {
            return shutdown(client, SHUT_WR);
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
