//! Takes replies for lines of text: other bytes, blanks at the end of a line and a last line
//! without an end are not what they were.
//!
//! stage: converse
//! fails: converse::prints_what_the_server_says
//!        converse::a_missing_reply_is_told
//! meant: converse::prints_what_the_server_says
//! says: Only the server knows its replies

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
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
                if line.last() != Some(&b'\n') {
                    line.push(b'\n');
                }
                asked.fetch_add(1, Ordering::SeqCst);
                sending.write_all(&line)?;
                line.clear();
            }
            finished.store(true, Ordering::SeqCst);
            sending.shutdown(Shutdown::Write)
        }
    });
    let mut answered = 0;
    for line in BufReader::new(&stream).lines() {
        writeln!(replies, "{}", line?.trim_end())?;
        answered += 1;
    }
    if !finished.load(Ordering::SeqCst) || answered < asked.load(Ordering::SeqCst) {
        return Err(Failure::Protocol("the server left too early".into()));
    }
    Ok(())
}
