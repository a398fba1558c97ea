//! `by-hand` that looks before it takes: what is received is peeked at, sent back, and only
//! then taken out of the queue.

use std::io;
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use berkeley::{
    AF_INET, AF_INET6, MSG_PEEK, MSG_WAITALL, SO_REUSEADDR, SOCK_STREAM, Socket, accept, bind,
    errno, listen, recv, send, setsockopt, socket,
};

/// A socket that listens on `addr`.
pub fn make_listener(addr: SocketAddr, backlog: i32) -> io::Result<Socket> {
    let family = match addr {
        SocketAddr::V4(_) => AF_INET,
        SocketAddr::V6(_) => AF_INET6,
    };
    let fd = socket(family, SOCK_STREAM, 0)?;
    setsockopt(&fd, SO_REUSEADDR, true)
        .and_then(|()| bind(&fd, addr))
        .and_then(|()| listen(&fd, backlog))
        .map(|()| fd)
}

/// Serves each client in a thread of its own.
pub fn serve(listener: &Socket) -> io::Result<()> {
    loop {
        match accept(listener) {
            Ok((client, peer)) => {
                let talk = move || {
                    while let Err(error) = echo(&client) {
                        if error.raw_os_error() != Some(errno::EINTR) {
                            eprintln!("{peer}: {error}");
                            break;
                        }
                    }
                };
                if let Err(error) = thread::Builder::new().spawn(talk) {
                    eprintln!("no thread: {error}");
                }
            }
            Err(error) => {
                eprintln!("accept: {error}");
                thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

/// Sends back what comes. It can be called again after EINTR: nothing is lost, since only what
/// was sent back is taken. Dropping the client closes it.
fn echo(client: &Socket) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let there = recv(client, &mut buffer, MSG_PEEK)?;
        if there == 0 {
            return Ok(());
        }
        let mut left = send(client, &buffer[..there], 0)?;
        while left > 0 {
            match recv(client, &mut buffer[..left], MSG_WAITALL) {
                Ok(taken) => left -= taken,
                Err(error) if error.raw_os_error() == Some(errno::EINTR) => {}
                Err(error) => return Err(error),
            }
        }
    }
}
