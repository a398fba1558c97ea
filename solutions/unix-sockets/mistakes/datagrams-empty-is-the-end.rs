//! Takes an empty datagram for the end of a stream.
//!
//! stage: datagrams
//! fails: datagrams::an_empty_datagram_is_a_record
//! meant: datagrams::an_empty_datagram_is_a_record
//! says: 0 bytes are an empty message

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::net::UnixDatagram;

use berkeley::{Addr, MSG_DONTWAIT, recvfrom, sendto};

pub const MAX_DATAGRAM: usize = 65_536;

pub fn serve(socket: &UnixDatagram, log: &File) -> io::Result<()> {
    let mut buffer = vec![0; MAX_DATAGRAM];
    let mut count = 0;
    loop {
        let (length, sender) = recvfrom(socket, &mut buffer, 0)?;
        if length == 0 {
            return Ok(());
        }
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
