//! Stage 3, `dual`, with addresses taken apart by hand.

use std::io;
use std::net::{SocketAddr, SocketAddrV6};

use berkeley::{
    AF_INET6, Addr, IPV6_V6ONLY, SO_REUSEADDR, SOCK_STREAM, Socket, accept, bind as bind_socket,
    listen, send, setsockopt, socket,
};

/// Makes a socket that listens on `addr`, for both families.
pub fn bind(addr: SocketAddrV6) -> io::Result<Socket> {
    let listener = socket(AF_INET6, SOCK_STREAM, 0)?;
    setsockopt(&listener, SO_REUSEADDR, true)?;
    setsockopt(&listener, IPV6_V6ONLY, false)?;
    bind_socket(&listener, addr)?;
    listen(&listener, 32)?;
    Ok(listener)
}

/// Tells one client after another its own address, and logs it first.
pub fn serve(listener: &Socket) -> io::Result<()> {
    loop {
        let Ok((client, Addr::Inet(SocketAddr::V6(peer)))) = accept(listener) else {
            std::thread::yield_now();
            continue;
        };
        let line = match peer.ip().octets() {
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d] => {
                format!("ipv4 {a}.{b}.{c}.{d}:{}\n", peer.port())
            }
            _ => format!("ipv6 [{}]:{}\n", peer.ip(), peer.port()),
        };
        eprint!("{line}");
        if let Err(error) = send(&client, line.as_bytes(), 0) {
            eprintln!("a client is gone: {error}");
        }
    }
}
