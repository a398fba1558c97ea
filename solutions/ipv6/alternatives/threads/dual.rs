//! Stage 3, `dual`: std's listener over a socket of berkeley's, a thread for each client.

use std::io::{self, Write};
use std::net::{SocketAddrV6, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::thread;

use berkeley::{AF_INET6, IPV6_V6ONLY, SO_REUSEADDR, SOCK_STREAM, Socket, setsockopt};

/// Makes a socket that listens on `addr`, for both families.
pub fn bind(addr: SocketAddrV6) -> io::Result<Socket> {
    let socket = berkeley::socket(AF_INET6, SOCK_STREAM, 0)?;
    for (option, value) in [(IPV6_V6ONLY, false), (SO_REUSEADDR, true)] {
        setsockopt(&socket, option, value)?;
    }
    berkeley::bind(&socket, addr)?;
    berkeley::listen(&socket, 1024)?;
    Ok(socket)
}

/// Tells each client, in a thread of its own, who it is.
pub fn serve(listener: &Socket) -> io::Result<()> {
    let listener = TcpListener::from(listener.as_fd().try_clone_to_owned()?);
    loop {
        if let Ok((client, peer)) = listener.accept() {
            let ip = peer.ip().to_canonical();
            let port = peer.port();
            let line = if ip.is_ipv4() {
                format!("ipv4 {ip}:{port}\n")
            } else {
                format!("ipv6 [{ip}]:{port}\n")
            };
            thread::spawn(move || tell(client, &line));
        }
    }
}

fn tell(mut client: TcpStream, line: &str) -> io::Result<()> {
    client.write_all(line.as_bytes())?;
    io::stderr().write_all(line.as_bytes())
}
