//! Receives into a buffer of a page: the rest of a long datagram is gone.
//!
//! stage: datagrams
//! fails: datagrams::a_large_datagram_is_recorded_whole
//! meant: datagrams::a_large_datagram_is_recorded_whole
//! says: What does not fit the buffer is gone

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::net::UnixDatagram;

use berkeley::{Addr, MSG_DONTWAIT, recvfrom, sendto};

pub const MAX_DATAGRAM: usize = 65_536;

pub fn serve(socket: &UnixDatagram, log: &File) -> io::Result<()> {
    let mut buffer = [0; 4096];
    let mut count = 0;
    loop {
        let (length, sender) = recvfrom(socket, &mut buffer, 0)?;
        (&*log).write_all(&record(&buffer[..length]))?;
        count += 1;
        if sender != Addr::Unnamed {
            let text = format!("OK {count}");
            if let Err(error) = sendto(socket, text.as_bytes(), MSG_DONTWAIT, &sender) {
                eprintln!("{sender}: {error}");
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
