//! Endless output.

use std::io::{self, Write};
use std::net::TcpListener;

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    let much = [b"much output\n".as_slice(); 4096].concat();
    let mut stdout = io::stdout().lock();
    loop {
        stdout.write_all(&much)?;
    }
}
