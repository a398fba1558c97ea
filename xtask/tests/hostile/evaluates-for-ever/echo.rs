//! A constant whose value takes for ever to find.
#![allow(long_running_const_eval)]

use std::io;
use std::net::TcpListener;

const ENDLESS: u64 = {
    let mut number = 1_u64;
    while number != 0 {
        number = number.wrapping_mul(3) | 1;
    }
    number
};

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    std::process::exit(ENDLESS as i32)
}
