//! Stage 2, `echo`, with the calls themselves.

use std::io;
use std::net::{SocketAddr, SocketAddrV6, TcpListener};
use std::os::fd::AsFd;

use berkeley::{
    AF_INET6, IPV6_V6ONLY, SO_REUSEADDR, SOCK_STREAM, accept, bind as bind_socket, listen, recv,
    send, setsockopt, socket,
};

/// Makes a socket that listens on `addr`.
pub fn bind(addr: SocketAddrV6) -> io::Result<TcpListener> {
    let listener = socket(AF_INET6, SOCK_STREAM, 0)?;
    setsockopt(&listener, SO_REUSEADDR, true)?;
    setsockopt(&listener, IPV6_V6ONLY, true)?;
    bind_socket(&listener, addr)?;
    listen(&listener, 16)?;
    Ok(listener.into())
}

/// Serves one client after another, for ever.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        let Ok((client, peer)) = accept(listener) else {
            std::thread::yield_now();
            continue;
        };
        if let Ok(SocketAddr::V6(peer)) = SocketAddr::try_from(peer) {
            eprintln!("client [{}]:{}", peer.ip(), peer.port());
        }
        if let Err(error) = echo(&client) {
            eprintln!("a client broke off: {error}");
        }
    }
}

fn echo(client: &impl AsFd) -> io::Result<()> {
    let mut buf = [0; 512];
    loop {
        let length = recv(client, &mut buf, 0)?;
        if length == 0 {
            return Ok(());
        }
        let mut sent = 0;
        while sent < length {
            sent += send(client, &buf[sent..length], 0)?;
        }
    }
}
