//! `echo` by four threads that receive from one socket: who is free takes the next datagram.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::thread;

/// Makes a socket that receives at `addr`; with port 0 the kernel chooses one.
pub fn bind(addr: SocketAddr) -> io::Result<UdpSocket> {
    UdpSocket::bind(addr)
}

/// Returns each datagram to its sender, for ever.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut buffer = vec![0; 65_536];
                loop {
                    let returned = socket
                        .recv_from(&mut buffer)
                        .and_then(|(length, sender)| socket.send_to(&buffer[..length], sender));
                    if let Err(error) = returned {
                        eprintln!("{error}");
                    }
                }
            });
        }
    });
    Ok(())
}
