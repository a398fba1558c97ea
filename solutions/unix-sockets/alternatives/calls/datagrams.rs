//! A socket that never waits, and poll; asks first how long the datagram is.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::os::unix::net::UnixDatagram;

use berkeley::{Addr, MSG_PEEK, POLLIN, PollFd, poll, recv, recvfrom, sendto, set_nonblocking};

pub const MAX_DATAGRAM: usize = 65_536;

pub fn serve(socket: &UnixDatagram, mut log: &File) -> io::Result<()> {
    set_nonblocking(socket, true)?;
    let mut buffer = Vec::new();
    let mut count = 0_u32;
    loop {
        poll(&mut [PollFd::new(socket, POLLIN)], None)?;
        // Grows until the datagram leaves room behind it.
        while recv(socket, &mut buffer, MSG_PEEK)? == buffer.len() && buffer.len() <= MAX_DATAGRAM {
            buffer.resize(buffer.len() * 2 + 1024, 0);
        }
        let (length, sender) = recvfrom(socket, &mut buffer, 0)?;
        let mut rest = &buffer[..length];
        let mut line = Vec::new();
        while let Some(at) = rest.iter().position(|byte| b"\n\\".contains(byte)) {
            line.extend_from_slice(&rest[..at]);
            line.extend_from_slice(if rest[at] == b'\n' { b"\\n" } else { b"\\\\" });
            rest = &rest[at + 1..];
        }
        line.extend_from_slice(rest);
        line.push(b'\n');
        log.write_all(&line)?;
        count += 1;
        if let Addr::Path(_) | Addr::Abstract(_) = sender {
            match sendto(socket, format!("OK {count}").as_bytes(), 0, sender) {
                Err(error) if error.kind() != ErrorKind::WouldBlock => eprintln!("{error}"),
                _ => {}
            }
        }
    }
}
