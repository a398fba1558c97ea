//! Has room for one page; what is longer loses its end.
//!
//! stage: echo
//! fails: echo::the_largest_datagram_comes_back
//! meant: echo::the_largest_datagram_comes_back
//! says: have room for 65507 bytes

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::thread;
use std::time::Duration;

/// Makes a socket that receives at `addr`; with port 0 the kernel chooses one.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(addr: SocketAddr) -> io::Result<UdpSocket> {
    UdpSocket::bind(addr)
}

/// Returns each datagram to its sender, for ever.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = [0; 4096];
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

/// How long to wait when receiving fails: a lack that lasts would make it fail again at once.
const BACK_OFF: Duration = Duration::from_millis(50);
