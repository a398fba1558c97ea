//! `echo` with the calls themselves; each time poll says so, everything that waits is returned.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};

use berkeley::{Addr, MSG_DONTWAIT, POLLIN, PollFd, SOCK_DGRAM, poll, recvfrom, sendto, socket};

/// Makes a socket that receives at `addr`; with port 0 the kernel chooses one.
pub fn bind(addr: SocketAddr) -> io::Result<UdpSocket> {
    let socket = socket(Addr::from(addr).family(), SOCK_DGRAM, 0)?;
    berkeley::bind(&socket, addr)?;
    Ok(socket.into())
}

/// Returns each datagram to its sender, for ever.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = [0; 1 << 16];
    loop {
        poll(&mut [PollFd::new(socket, POLLIN)], None)?;
        loop {
            match recvfrom(socket, &mut buffer, MSG_DONTWAIT) {
                Ok((length, sender)) => drop(sendto(socket, &buffer[..length], 0, sender)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => eprintln!("recvfrom: {error}"),
            }
        }
    }
}
