//! Takes every end of the stream for a good one.
//!
//! stage: converse
//! fails: converse::a_missing_reply_is_told
//!        converse::a_server_that_ends_first_is_told
//! meant: converse::a_missing_reply_is_told
//! says: You know how many lines you have sent

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::thread;

use crate::failure::Failure;
use crate::output::Output;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn converse(
    mut stream: TcpStream,
    requests: File,
    mut replies: &Output,
) -> Result<(), Failure> {
    let mut sending = stream.try_clone()?;
    thread::spawn(move || -> io::Result<()> {
        for line in BufReader::new(requests).lines() {
            sending.write_all(format!("{}\n", line?).as_bytes())?;
        }
        sending.shutdown(Shutdown::Write)
    });
    io::copy(&mut stream, &mut replies)?;
    Ok(())
}
