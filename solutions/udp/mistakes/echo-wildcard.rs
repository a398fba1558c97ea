//! Receives at every address of the machine, whatever --bind says.
//!
//! stage: echo
//! fails: echo::listens_where_it_was_told
//! meant: echo::listens_where_it_was_told
//! says: Bound to every address you hear

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::thread;
use std::time::Duration;

/// Makes a socket that receives at `addr`; with port 0 the kernel chooses one.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(addr: SocketAddr) -> io::Result<UdpSocket> {
    UdpSocket::bind((Ipv4Addr::UNSPECIFIED, addr.port()))
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
