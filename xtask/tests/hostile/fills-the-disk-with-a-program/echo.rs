//! A program of half a gigabyte.

use std::io;
use std::net::TcpListener;

static LARGE: [u8; 500 << 20] = {
    let mut large = [0; 500 << 20];
    large[0] = 1;
    large[(500 << 20) - 1] = 1;
    large
};

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    std::process::exit(i32::from(LARGE[7]))
}
