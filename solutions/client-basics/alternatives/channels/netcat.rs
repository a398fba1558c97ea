//! `netcat` with a thread for each direction; whoever is first to know the end ends the program.

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::mpsc;
use std::thread;

use crate::failure::Failure;
use crate::output::Output;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(addr)?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

pub fn exchange(stream: TcpStream, input: File, output: &Output) -> Result<(), Failure> {
    let (end, ends) = mpsc::channel();
    let (other_end, sending) = (end.clone(), stream.try_clone()?);
    thread::spawn(move || {
        let sent = pass(&input, &sending).and_then(|()| sending.shutdown(Shutdown::Write));
        // The end of stdin is no end of the whole.
        if let Err(error) = sent {
            _ = other_end.send(Err(error));
        }
    });
    thread::scope(|scope| {
        scope.spawn(|| end.send(pass(&stream, output)));
        let ended = ends.recv();
        // Wakes the thread above, should it not be the one that knew.
        _ = stream.shutdown(Shutdown::Both);
        ended.unwrap_or(Ok(()))
    })?;
    Ok(())
}

fn pass(mut from: impl Read, mut to: impl Write) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(()),
            length => to.write_all(&buffer[..length])?,
        }
    }
}
