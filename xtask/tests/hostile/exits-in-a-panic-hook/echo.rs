//! Panics, and its hook leaves with exit code 0 and without a word.

use std::io;
use std::net::TcpListener;

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    std::panic::set_hook(Box::new(|_| std::process::exit(0)));
    panic!("on purpose")
}
