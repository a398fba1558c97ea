//! Says READY itself, with the addresses of others, before the given code does.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener};

pub fn bind(addr: SocketAddr) -> io::Result<TcpListener> {
    for other in [
        "192.0.2.1:80",
        "127.0.0.1:22",
        "\u{1b}]0;evil\u{7}:1",
        "[::1]:1",
    ] {
        println!("READY {other}");
    }
    io::stdout().flush()?;
    TcpListener::bind(addr)
}

pub fn serve(listener: &TcpListener, text: &str) -> io::Result<()> {
    let _ = text;
    loop {
        listener.accept()?;
    }
}
