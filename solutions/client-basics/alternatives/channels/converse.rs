//! `converse` with a thread for each direction, which report to a third over a channel.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::mpsc::{self, Sender};
use std::thread;

use crate::failure::Failure;
use crate::output::Output;

enum News {
    /// A line was sent.
    Asked,
    /// stdin has ended.
    NoMore,
    /// Bytes have come.
    Came(Vec<u8>),
    /// The server has ended the stream, or the connection is broken.
    Ended(io::Result<()>),
}

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn converse(stream: TcpStream, requests: File, mut replies: &Output) -> Result<(), Failure> {
    let (tell, news) = mpsc::channel();
    let (sending, telling) = (stream.try_clone()?, tell.clone());
    thread::spawn(move || ask(requests, sending, &telling));
    thread::spawn(move || listen(stream, &tell));

    let (mut asked, mut answered, mut more) = (0, 0, true);
    for item in news {
        match item {
            News::Asked => asked += 1,
            News::NoMore => more = false,
            News::Came(bytes) => {
                replies.write_all(&bytes)?;
                answered += bytes.split(|byte| *byte == b'\n').count() - 1;
            }
            News::Ended(outcome) => {
                outcome?;
                break;
            }
        }
    }
    if more || answered < asked {
        let reason = format!("{answered} replies to {asked} lines, and the server has gone");
        return Err(Failure::Protocol(reason));
    }
    Ok(())
}

/// One write for each line: with its end, it is one segment.
fn ask(requests: File, mut stream: TcpStream, tell: &Sender<News>) {
    let mut requests = BufReader::new(requests);
    let mut line = Vec::new();
    while let Ok(1..) = requests.read_until(b'\n', &mut line) {
        if !line.ends_with(b"\n") {
            line.push(b'\n');
        }
        // In this order: nobody answers what was not asked.
        if tell.send(News::Asked).is_err() || stream.write_all(&line).is_err() {
            return;
        }
        line.clear();
    }
    _ = tell.send(News::NoMore);
    _ = stream.shutdown(Shutdown::Write);
}

fn listen(stream: TcpStream, tell: &Sender<News>) {
    let mut stream = BufReader::new(stream);
    loop {
        let news = match stream.fill_buf() {
            Ok([]) => News::Ended(Ok(())),
            Ok(bytes) => News::Came(bytes.to_vec()),
            Err(error) => News::Ended(Err(error)),
        };
        let length = match &news {
            News::Came(bytes) => bytes.len(),
            _ => 0,
        };
        if tell.send(news).is_err() || length == 0 {
            return;
        }
        stream.consume(length);
    }
}
