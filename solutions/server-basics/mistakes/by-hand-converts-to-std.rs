//! Turns the client into a stream of std, and leaves the rest to it.
//! stage: by-hand
//! fails: by_hand::makes_its_sockets_by_hand
//! meant: by_hand::makes_its_sockets_by_hand
//! says: make, bind and use the sockets with berkeley

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use berkeley::{Addr, SO_REUSEADDR, SOCK_STREAM, Socket, accept, bind, listen, setsockopt, socket};

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
    loop {
        match accept(listener) {
            Ok((client, peer)) => {
                if let Err(error) = echo(client) {
                    eprintln!("{peer}: {error}");
                }
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

/// Sends back what comes. The stream is closed when it is dropped.
fn echo(client: Socket) -> io::Result<()> {
    let mut client = TcpStream::from(client);
    let mut buffer = [0; 16 * 1024];
    loop {
        let received = client.read(&mut buffer)?;
        if received == 0 {
            return Ok(());
        }
        client.write_all(&buffer[..received])?;
    }
}
