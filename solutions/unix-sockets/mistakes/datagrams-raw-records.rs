//! Appends the bytes of a datagram as they are, line ends too.
//!
//! stage: datagrams
//! fails: datagrams::a_line_end_stays_inside_its_record
//! meant: datagrams::a_line_end_stays_inside_its_record
//! says: would end its record too early

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::net::UnixDatagram;

use berkeley::{Addr, MSG_DONTWAIT, recvfrom, sendto};

pub const MAX_DATAGRAM: usize = 65_536;

pub fn serve(socket: &UnixDatagram, log: &File) -> io::Result<()> {
    let mut buffer = vec![0; MAX_DATAGRAM + 1];
    let mut count = 0;
    loop {
        let (length, sender) = recvfrom(socket, &mut buffer[..MAX_DATAGRAM], 0)?;
        buffer[length] = b'\n';
        (&*log).write_all(&buffer[..=length])?;
        count += 1;
        if sender != Addr::Unnamed {
            let text = format!("OK {count}");
            if let Err(error) = sendto(socket, text.as_bytes(), MSG_DONTWAIT, &sender) {
                eprintln!("{sender}: {error}");
            }
        }
    }
}
