//! Copies stdin as it is: a last line without an end is none to the server.
//!
//! stage: converse
//! fails: converse::the_last_line_gets_its_end
//! meant: converse::the_last_line_gets_its_end
//! says: A last line without a newline is still a line to who wrote it

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use crate::failure::Failure;
use crate::output::Output;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn converse(stream: TcpStream, requests: File, mut replies: &Output) -> Result<(), Failure> {
    let asked = Arc::new(AtomicUsize::new(0));
    let finished = Arc::new(AtomicBool::new(false));
    let mut sending = stream.try_clone()?;
    thread::spawn({
        let (asked, finished) = (Arc::clone(&asked), Arc::clone(&finished));
        move || -> io::Result<()> {
            let mut requests = BufReader::new(requests);
            let mut line = Vec::new();
            while requests.read_until(b'\n', &mut line)? > 0 {
                if line.last() == Some(&b'\n') {
                    asked.fetch_add(1, Ordering::SeqCst);
                }
                sending.write_all(&line)?;
                line.clear();
            }
            finished.store(true, Ordering::SeqCst);
            sending.shutdown(Shutdown::Write)
        }
    });
    let mut answered = 0;
    let mut buffer = [0; 16384];
    loop {
        let length = (&stream).read(&mut buffer)?;
        if length == 0 {
            break;
        }
        replies.write_all(&buffer[..length])?;
        answered += buffer[..length]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
    }
    if !finished.load(Ordering::SeqCst) || answered < asked.load(Ordering::SeqCst) {
        return Err(Failure::Protocol("the server left too early".into()));
    }
    Ok(())
}
