//! Sends all of stdin before it reads a reply.
//!
//! stage: converse
//! fails: converse::is_interactive
//!        converse::a_flood_passes
//!        converse::a_late_reply_holds_no_line
//!        converse::a_small_line_leaves_at_once
//!        converse::a_server_that_ends_first_is_told
//! meant: converse::a_flood_passes
//! says: Both ends are waiting for the other to read: print replies while you send

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

use crate::failure::Failure;
use crate::output::Output;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn converse(
    mut stream: TcpStream,
    mut requests: File,
    mut replies: &Output,
) -> Result<(), Failure> {
    let mut asked = Vec::new();
    requests.read_to_end(&mut asked)?;
    if asked.last().is_some_and(|byte| *byte != b'\n') {
        asked.push(b'\n');
    }
    stream.write_all(&asked)?;
    stream.shutdown(Shutdown::Write)?;
    let mut answered = Vec::new();
    stream.read_to_end(&mut answered)?;
    replies.write_all(&answered)?;
    if lines(&answered) < lines(&asked) {
        return Err(Failure::Protocol("replies are missing".into()));
    }
    Ok(())
}

fn lines(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').count()
}
