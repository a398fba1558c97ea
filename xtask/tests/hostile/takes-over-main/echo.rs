//! Has a `main` of its own, under the name that the C library starts.

use std::io;
use std::net::TcpListener;

#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    0
}

#[unsafe(export_name = "__libc_start_main")]
pub extern "C" fn start() -> i32 {
    0
}

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    Ok(())
}
