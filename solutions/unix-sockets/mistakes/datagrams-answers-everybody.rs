//! Answers a sender that has no name, and takes the error for its end.
//!
//! stage: datagrams
//! fails: datagrams::an_unnamed_sender_is_recorded
//! meant: datagrams::an_unnamed_sender_is_recorded
//! says: without a name cannot be answered

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::net::UnixDatagram;

use berkeley::{MSG_DONTWAIT, errno, recvfrom, sendto};

pub const MAX_DATAGRAM: usize = 65_536;

pub fn serve(socket: &UnixDatagram, log: &File) -> io::Result<()> {
    let mut buffer = vec![0; MAX_DATAGRAM];
    let mut count = 0;
    loop {
        let (length, sender) = recvfrom(socket, &mut buffer, 0)?;
        (&*log).write_all(&record(&buffer[..length]))?;
        count += 1;
        let text = format!("OK {count}");
        if let Err(error) = sendto(socket, text.as_bytes(), MSG_DONTWAIT, &sender) {
            match error.raw_os_error() {
                // Gone, or too slow.
                Some(errno::ECONNREFUSED | errno::ENOENT | errno::EAGAIN) => {}
                _ => return Err(error),
            }
        }
    }
}

fn record(datagram: &[u8]) -> Vec<u8> {
    let mut line = Vec::new();
    for &byte in datagram {
        match byte {
            b'\n' => line.extend(b"\\n"),
            b'\\' => line.extend(b"\\\\"),
            _ => line.push(byte),
        }
    }
    line.push(b'\n');
    line
}
