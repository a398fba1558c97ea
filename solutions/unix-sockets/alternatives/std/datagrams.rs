//! `std` only: answers wait a millisecond at the most.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

pub const MAX_DATAGRAM: usize = 65_536;

pub fn serve(socket: &UnixDatagram, mut log: &File) -> io::Result<()> {
    socket.set_write_timeout(Some(Duration::from_millis(1)))?;
    let mut buffer = Box::new([0; MAX_DATAGRAM]);
    for count in 1_u64.. {
        let (length, sender) = socket.recv_from(&mut buffer[..])?;
        let escaped = buffer[..length].iter().flat_map(|byte| match byte {
            b'\n' => b"\\n",
            b'\\' => b"\\\\",
            _ => std::slice::from_ref(byte),
        });
        let line: Vec<u8> = escaped.chain(b"\n").copied().collect();
        log.write_all(&line)?;
        if sender.is_unnamed() {
            continue;
        }
        let answer = format!("OK {count}");
        socket
            .send_to_addr(answer.as_bytes(), &sender)
            .unwrap_or_else(|error| {
                eprintln!("{sender:?} is not told {answer}: {error}");
                0
            });
    }
    unreachable!("nobody sends so many datagrams")
}
