//! Writes records through a buffer, which is flushed when it is full.
//!
//! stage: datagrams
//! fails: datagrams::each_datagram_is_a_record
//!        datagrams::an_unnamed_sender_is_recorded
//!        datagrams::a_hundred_senders_are_answered_each
//!        datagrams::a_line_end_stays_inside_its_record
//!        datagrams::an_empty_datagram_is_a_record
//!        datagrams::a_large_datagram_is_recorded_whole
//! meant: datagrams::each_datagram_is_a_record
//! says: let nothing wait in a buffer when you answer

use std::fs::File;
use std::io::BufWriter;
use std::io::{self, Write};
use std::os::unix::net::UnixDatagram;

use berkeley::{Addr, MSG_DONTWAIT, recvfrom, sendto};

pub const MAX_DATAGRAM: usize = 65_536;

pub fn serve(socket: &UnixDatagram, log: &File) -> io::Result<()> {
    let mut log = BufWriter::new(log);
    let mut buffer = vec![0; MAX_DATAGRAM];
    let mut count = 0;
    loop {
        let (length, sender) = recvfrom(socket, &mut buffer, 0)?;
        log.write_all(&record(&buffer[..length]))?;
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
