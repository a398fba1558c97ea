//! Stops itself: it neither runs nor ends.

use std::io;
use std::net::TcpListener;

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    const KILL: i64 = 62;
    let _ = listener;
    loop {
        raw::call(KILL, [i64::from(std::process::id()), 19]);
    }
}
