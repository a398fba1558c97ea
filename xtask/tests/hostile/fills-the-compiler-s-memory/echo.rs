//! Gigabytes that the compiler must hold, and write.

use std::io;
use std::net::TcpListener;

static LARGE: [[u64; 1 << 20]; 1 << 10] = [[0x5555_5555_5555_5555; 1 << 20]; 1 << 10];

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    std::process::exit(LARGE.iter().map(|part| part[7] as i32).sum())
}
