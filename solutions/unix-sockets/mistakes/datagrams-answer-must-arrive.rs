//! Ends when an answer finds nobody: the sender was gone.
//!
//! stage: datagrams
//! fails: datagrams::a_sender_that_is_gone_ends_nothing
//! meant: datagrams::a_sender_that_is_gone_ends_nothing
//! says: that error is about the answer

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
        (&*log).write_all(&record(&buffer[..length]))?;
        count += 1;
        if sender == Addr::Unnamed {
            continue;
        }
        match sendto(
            socket,
            format!("OK {count}").as_bytes(),
            MSG_DONTWAIT,
            &sender,
        ) {
            // It does not receive: its own affair.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            sent => drop(sent?),
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
