//! Waits until the sender has room for its answer, for ever if it never receives.
//!
//! stage: datagrams
//! fails: datagrams::a_sender_that_never_receives_delays_nobody
//! meant: datagrams::a_sender_that_never_receives_delays_nobody
//! says: drop what has no room

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::net::UnixDatagram;

pub const MAX_DATAGRAM: usize = 65_536;

pub fn serve(socket: &UnixDatagram, log: &File) -> io::Result<()> {
    let mut buffer = vec![0; MAX_DATAGRAM];
    let mut count = 0;
    loop {
        let (length, sender) = socket.recv_from(&mut buffer)?;
        (&*log).write_all(&record(&buffer[..length]))?;
        count += 1;
        if !sender.is_unnamed()
            && let Err(error) = socket.send_to_addr(format!("OK {count}").as_bytes(), &sender)
        {
            eprintln!("{sender:?}: {error}");
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
