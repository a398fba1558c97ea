//! Sends for ever, whatever comes.

use std::io::{self, Write};
use std::net::TcpListener;
use std::thread;

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        let (mut client, _) = listener.accept()?;
        thread::spawn(move || while client.write_all(&[b'x'; 65536]).is_ok() {});
    }
}
