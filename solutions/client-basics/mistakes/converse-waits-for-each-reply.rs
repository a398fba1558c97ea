//! Waits for the reply to a line before it sends the next.
//!
//! stage: converse
//! fails: converse::prints_the_replies
//!        converse::says_when_it_has_finished
//!        converse::prints_what_the_server_says
//!        converse::a_late_reply_holds_no_line
//!        converse::the_last_line_gets_its_end
//!        converse::a_missing_reply_is_told
//!        converse::a_server_that_ends_first_is_told
//! meant: converse::a_late_reply_holds_no_line
//! says: do not wait for a reply before you send the next line

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

use crate::failure::Failure;
use crate::output::Output;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn converse(stream: TcpStream, requests: File, mut replies: &Output) -> Result<(), Failure> {
    let mut requests = BufReader::new(requests);
    let mut server = BufReader::new(&stream);
    let mut line = Vec::new();
    while requests.read_until(b'\n', &mut line)? > 0 {
        if !line.ends_with(b"\n") {
            line.push(b'\n');
        }
        (&stream).write_all(&line)?;
        line.clear();
        server.read_until(b'\n', &mut line)?;
        replies.write_all(&line)?;
        if !line.ends_with(b"\n") {
            return Err(Failure::Protocol("a reply is missing".into()));
        }
        line.clear();
    }
    stream.shutdown(Shutdown::Write)?;
    io::copy(&mut server, &mut replies)?;
    Ok(())
}
