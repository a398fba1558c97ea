//! Takes the end of stdin for the end of the conversation: late replies are lost.
//!
//! stage: converse
//! fails: converse::prints_the_replies
//!        converse::says_when_it_has_finished
//!        converse::prints_what_the_server_says
//!        converse::a_flood_passes
//!        converse::a_missing_reply_is_told
//! meant: converse::says_when_it_has_finished
//! says: The end of stdin is not the end of the conversation

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process;
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
    thread::spawn(move || {
        for line in BufReader::new(requests).lines().map_while(Result::ok) {
            if sending.write_all(format!("{line}\n").as_bytes()).is_err() {
                break;
            }
        }
        process::exit(0);
    });
    let mut buffer = [0; 16384];
    loop {
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            return Err(Failure::Protocol("the server left too early".into()));
        }
        replies.write_all(&buffer[..length])?;
    }
}
