//! Stage 1, `echo`: return every datagram to its sender.
//!
//! What is asked: docs/src/labs/udp.md#echo

use std::io;
use std::net::{SocketAddr, UdpSocket};
// solution:
use std::thread;
use std::time::Duration;
// end

/// Makes a socket that receives at `addr`; with port 0 the kernel chooses one.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(addr: SocketAddr) -> io::Result<UdpSocket> {
    // solution: todo!("make a socket that receives at {addr}, and at no other address")
    UdpSocket::bind(addr)
    // end
}

/// Returns each datagram to its sender, for ever.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    // solution: let _ = socket; todo!("receive datagrams one after another and send each of them back to where it came from")
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
    // end
}

// solution:
/// The longest datagram over IPv4: 65535 bytes less 20 of IP header and 8 of UDP header. Of a
/// longer one than its buffer, a receive keeps the beginning and loses the rest (udp(7)).
const LONGEST: usize = 65_507;

/// How long to wait when receiving fails: a lack that lasts would make it fail again at once.
const BACK_OFF: Duration = Duration::from_millis(50);
// end
