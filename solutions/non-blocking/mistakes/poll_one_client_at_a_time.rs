//! Stays with a client until it has finished.
//!
//! stage: poll
//! fails: poll::clients_do_not_wait_for_each_other
//!        poll::one_thread_serves_all
//!        poll::idle_clients_cost_nothing
//!        poll::five_hundred_clients
//!        poll::who_does_not_read_stops_nobody
//!        poll::a_reset_ends_one_connection_only
//! meant: poll::clients_do_not_wait_for_each_other
//! says: Only poll may wait

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

/// Serves all clients.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        let (stream, peer) = listener.accept()?;
        if let Err(error) = echo(&stream) {
            eprintln!("{peer}: {error}");
        }
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
