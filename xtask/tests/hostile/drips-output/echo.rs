//! A byte of output now and then, for ever, and nothing for the client.

use std::io::{self, Write};
use std::net::TcpListener;
use std::time::Duration;

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    loop {
        io::stdout().write_all(b".")?;
        io::stdout().flush()?;
        io::stderr().write_all(b".")?;
        std::thread::sleep(Duration::from_millis(100));
    }
}
