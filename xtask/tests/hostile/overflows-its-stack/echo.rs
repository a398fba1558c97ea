//! Calls itself until there is no stack left.
#![allow(unconditional_recursion)]

use std::io;
use std::net::TcpListener;

fn deeper(number: u64) -> u64 {
    let page = std::hint::black_box([number; 512]);
    deeper(page[7] + 1) + page[9]
}

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    std::process::exit(i32::from(deeper(1) == 0))
}
