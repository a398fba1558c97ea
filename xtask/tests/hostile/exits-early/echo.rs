//! Leaves with exit code 0 before anybody is served.

use std::io;
use std::net::TcpListener;

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    std::process::exit(0)
}
