//! A panic whose message is all that it can read.

use std::net::TcpListener;
use std::{fs, io};

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    let mut text = String::new();
    for path in [
        "/proc/self/maps",
        "/etc/ld.so.cache",
        "/program",
        "/lib/x86_64-linux-gnu/libc.so.6",
    ] {
        text.push_str(&String::from_utf8_lossy(
            &fs::read(path).unwrap_or_default(),
        ));
    }
    panic!("{text}")
}
