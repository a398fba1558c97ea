//! `greet` with a listener made by hand and a thread for each client.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use berkeley::{AF_INET, AF_INET6, SO_REUSEADDR, SOCK_STREAM, listen, setsockopt, socket};

/// What `TcpListener::bind` does, call by call.
pub fn bind(addr: SocketAddr) -> io::Result<TcpListener> {
    let family = if addr.is_ipv4() { AF_INET } else { AF_INET6 };
    let fd = socket(family, SOCK_STREAM, 0)?;
    setsockopt(&fd, SO_REUSEADDR, true)?;
    berkeley::bind(&fd, addr)?;
    listen(&fd, 128)?;
    Ok(fd.into())
}

/// Greets each client in a thread of its own, so that nobody waits for anybody.
pub fn serve(listener: &TcpListener, text: &str) -> io::Result<()> {
    for client in listener.incoming() {
        let text = text.to_owned();
        let started = client.and_then(|client| {
            thread::Builder::new().spawn(move || greet(&client, &text))?;
            Ok(())
        });
        if let Err(error) = started {
            eprintln!("a client was not greeted: {error}");
            thread::sleep(Duration::from_millis(10));
        }
    }
    unreachable!("incoming never ends")
}

fn greet(mut client: &TcpStream, text: &str) {
    if let Err(error) = client.write_all(text.as_bytes()) {
        eprintln!("a client was not greeted: {error}");
    }
}
