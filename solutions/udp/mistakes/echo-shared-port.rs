//! Sets SO_REUSEADDR, a habit from TCP: on Linux two UDP sockets that do so share a port.
//!
//! stage: echo
//! fails: echo::a_busy_port_is_an_error
//! meant: echo::a_busy_port_is_an_error
//! says: SO_REUSEADDR would let two servers

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::OwnedFd;
use std::thread;
use std::time::Duration;

use berkeley::{Addr, SO_REUSEADDR, SOCK_DGRAM, setsockopt, socket};

/// Makes a socket that receives at `addr`; with port 0 the kernel chooses one.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(addr: SocketAddr) -> io::Result<UdpSocket> {
    let socket = socket(Addr::from(addr).family(), SOCK_DGRAM, 0)?;
    setsockopt(&socket, SO_REUSEADDR, true)?;
    berkeley::bind(&socket, addr)?;
    Ok(UdpSocket::from(OwnedFd::from(socket)))
}

/// Returns each datagram to its sender, for ever.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = vec![0; LONGEST];
    loop {
        let (length, sender) = match socket.recv_from(&mut buffer) {
            Ok(received) => received,
            Err(error) => {
                eprintln!("receive: {error}");
                thread::sleep(BACK_OFF);
                continue;
            }
        };
        // A length of 0 is an empty message, not an end: UDP has none.
        if let Err(error) = socket.send_to(&buffer[..length], sender) {
            eprintln!("{sender}: {error}");
        }
    }
}

/// The longest datagram over IPv4: 65535 bytes less 20 of IP header and 8 of UDP header. Of a
/// longer one than its buffer, a receive keeps the beginning and loses the rest (udp(7)).
const LONGEST: usize = 65_507;

/// How long to wait when receiving fails: a lack that lasts would make it fail again at once.
const BACK_OFF: Duration = Duration::from_millis(50);
