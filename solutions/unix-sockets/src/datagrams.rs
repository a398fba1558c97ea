//! Stage 2, `datagrams`: a record for each datagram, an answer for each sender that has a name.
//!
//! What is asked: docs/src/labs/unix-sockets.md#datagrams

use std::fs::File;
use std::io;
use std::os::unix::net::UnixDatagram;
// solution:
use std::io::Write;

use berkeley::{Addr, MSG_DONTWAIT, recvfrom, sendto};
// end

/// How many bytes a datagram may have.
pub const MAX_DATAGRAM: usize = 65_536;

/// Receives datagrams for ever: each becomes a record at the end of `log`, which is open for
/// appending, and each sender with a name is told how many there are.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(socket: &UnixDatagram, log: &File) -> io::Result<()> {
    // solution: let _ = (socket, log); todo!("append each datagram to the log as one line, and answer `OK n` to senders that have a name")
    let mut buffer = vec![0; MAX_DATAGRAM];
    let mut count = 0_u64;
    loop {
        let (length, sender) = recvfrom(socket, &mut buffer, 0)?;
        // One write for a record: it is in the file, whole, before its sender hears of it.
        (&*log).write_all(&record(&buffer[..length]))?;
        count += 1;
        if sender != Addr::Unnamed {
            answer(socket, &sender, count);
        }
    }
    // end
}

// solution:
/// Tells `sender` how many records there are. It may be gone, or have no room for an answer that it
/// does not read; then the answer is dropped, for waiting would keep all the others waiting.
fn answer(socket: &UnixDatagram, sender: &Addr, count: u64) {
    let text = format!("OK {count}");
    if let Err(error) = sendto(socket, text.as_bytes(), MSG_DONTWAIT, sender) {
        eprintln!("{sender}: {error}");
    }
}

/// A datagram as a line of its own: a line end in it must not look like the end of the record.
fn record(datagram: &[u8]) -> Vec<u8> {
    let mut line = Vec::with_capacity(datagram.len() + 1);
    for &byte in datagram {
        match byte {
            b'\n' => line.extend_from_slice(b"\\n"),
            b'\\' => line.extend_from_slice(b"\\\\"),
            _ => line.push(byte),
        }
    }
    line.push(b'\n');
    line
}
// end
