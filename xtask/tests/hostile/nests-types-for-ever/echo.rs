//! A function that is compiled for a larger type each time.

use std::io;
use std::net::TcpListener;

fn deeper<T>(depth: u64, value: &T) -> u64 {
    if depth == 0 {
        0
    } else {
        deeper(depth - 1, &(value, value)) + deeper(depth - 1, &[value])
    }
}

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    std::process::exit(i32::from(deeper(u64::MAX, &0_u8) == 0))
}
