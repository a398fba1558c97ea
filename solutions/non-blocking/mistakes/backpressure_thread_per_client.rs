//! Lets a blocked thread be the limit.
//!
//! stage: backpressure
//! fails: backpressure::who_does_not_read_stops_nobody
//! meant: backpressure::who_does_not_read_stops_nobody
//! says: One thread is enough, and the rule here

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// More threads than this nobody needs.
const MOST: usize = 100;

/// Serves all clients at once.
pub fn serve(listener: &TcpListener, _keep: usize) -> io::Result<()> {
    let threads = Arc::new(AtomicUsize::new(0));
    loop {
        let (stream, _) = listener.accept()?;
        if threads.fetch_add(1, Ordering::SeqCst) >= MOST {
            threads.fetch_sub(1, Ordering::SeqCst);
            continue;
        }
        let threads = Arc::clone(&threads);
        thread::spawn(move || {
            let _ = echo(&stream);
            threads.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

fn echo(mut stream: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let n = stream.read(&mut buffer)?;
        if n == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..n])?;
    }
}
