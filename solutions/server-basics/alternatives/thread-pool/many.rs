//! `many` with as many workers as there are places, all started before the first client comes.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, SendError, Sender};
use std::thread;
use std::time::Duration;

use crate::calc;

/// What the server grants to clients.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many clients are served at once, at least one.
    pub max: usize,
    /// How long a client may be silent; never zero.
    pub idle: Duration,
}

/// A client to be served.
type Visit = (TcpStream, SocketAddr);

/// Gives each client to a worker that is free, or says BUSY.
pub fn serve(listener: &TcpListener, limits: Limits) -> io::Result<()> {
    // Each worker has a desk where clients are brought to it, and those that are free stand here.
    let (register, free) = mpsc::channel();
    for _ in 0..limits.max {
        let (desk, visits) = mpsc::channel();
        let register = register.clone();
        let worker = thread::Builder::new().stack_size(128 * 1024);
        // In this order: the first client must find it free.
        _ = register.send(desk.clone());
        worker.spawn(move || work(&visits, &desk, &register, limits.idle))?;
    }
    loop {
        match listener.accept() {
            Ok(visit) => bring_in(visit, &free),
            Err(error) => {
                eprintln!("accept: {error}");
                thread::sleep(Duration::from_millis(20));
            }
        }
    }
}

/// Brings a client to a worker that is free, if there is one.
fn bring_in(mut visit: Visit, free: &Receiver<Sender<Visit>>) {
    while let Ok(desk) = free.try_recv() {
        match desk.send(visit) {
            Ok(()) => return,
            // That worker is no more; the next one.
            Err(SendError(back)) => visit = back,
        }
    }
    let (client, peer) = visit;
    if let Err(error) = turn_away(&client) {
        eprintln!("{peer}: {error}");
    }
}

/// Serves one client after another, and is free in between.
fn work(
    visits: &Receiver<Visit>,
    desk: &Sender<Visit>,
    register: &Sender<Sender<Visit>>,
    idle: Duration,
) {
    for (client, peer) in visits {
        if let Err(error) = converse(&client, idle) {
            eprintln!("{peer}: {error}");
        }
        // Free before the client sees the end: it may come back at once.
        if register.send(desk.clone()).is_err() {
            return;
        }
    }
}

/// Says BUSY; it fits into the send buffer of a new connection.
fn turn_away(mut client: &TcpStream) -> io::Result<()> {
    client.set_nonblocking(true)?;
    client.write_all(b"BUSY\n")?;
    client.shutdown(Shutdown::Write)?;
    // What it has said already: unread, it would make the close a reset.
    match client.read(&mut [0; 4096]) {
        Err(error) if error.kind() != ErrorKind::WouldBlock => Err(error),
        _ => Ok(()),
    }
}

/// Answers line by line. What has come of a line is kept until the rest comes.
fn converse(mut client: &TcpStream, idle: Duration) -> io::Result<()> {
    client.set_nodelay(true)?;
    client.set_read_timeout(Some(idle))?;
    client.set_write_timeout(Some(idle))?;
    let mut received = Vec::new();
    let mut buffer = [0; 512];
    loop {
        while let Some(end) = received.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = received.drain(..=end).collect();
            let text = &line[..end];
            let text = text.strip_suffix(b"\r").unwrap_or(text);
            if text.len() > calc::MAX_LINE {
                return client.write_all(calc::TOO_LONG);
            }
            client.write_all(&calc::answer(text))?;
        }
        // One byte more may be the CR of a line end.
        if received.len() > calc::MAX_LINE + 1 {
            return client.write_all(calc::TOO_LONG);
        }
        match client.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => received.extend_from_slice(&buffer[..n]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
