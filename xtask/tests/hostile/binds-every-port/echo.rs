//! Takes the addresses and ports of others, and shares them.

use std::io;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};

use berkeley::{AF_INET, SO_REUSEADDR, SO_REUSEPORT, SOCK_STREAM};

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let mut kept = Vec::new();
    let port = listener.local_addr()?.port();
    for third in 0..30 {
        let addr = (Ipv4Addr::new(127, 3, third, 1), port);
        kept.extend(TcpListener::bind(addr));
        _ = UdpSocket::bind(addr);
        let shared = berkeley::socket(AF_INET, SOCK_STREAM, 0)?;
        berkeley::setsockopt(&shared, SO_REUSEPORT, true)?;
        _ = berkeley::bind(&shared, std::net::SocketAddr::from(addr));
    }
    kept.extend(TcpListener::bind(("0.0.0.0", port)));
    loop {
        std::thread::park();
    }
}
