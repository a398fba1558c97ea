//! Connects the socket to the first sender, and from then on hears no other.
//!
//! stage: datagrams
//! fails: datagrams::a_hundred_senders_are_answered_each
//!        datagrams::a_sender_that_is_gone_ends_nothing
//!        datagrams::a_sender_that_never_receives_delays_nobody
//! meant: datagrams::a_hundred_senders_are_answered_each
//! says: do not connect the socket

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::net::UnixDatagram;

use berkeley::{Addr, MSG_DONTWAIT, connect, recvfrom, send};

pub const MAX_DATAGRAM: usize = 65_536;

pub fn serve(socket: &UnixDatagram, log: &File) -> io::Result<()> {
    let mut buffer = vec![0; MAX_DATAGRAM];
    let mut connected = false;
    let mut count = 0;
    loop {
        let (length, sender) = recvfrom(socket, &mut buffer, 0)?;
        (&*log).write_all(&record(&buffer[..length]))?;
        count += 1;
        if !connected && sender != Addr::Unnamed {
            connect(socket, &sender)?;
            connected = true;
        }
        if connected {
            let text = format!("OK {count}");
            if let Err(error) = send(socket, text.as_bytes(), MSG_DONTWAIT) {
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
