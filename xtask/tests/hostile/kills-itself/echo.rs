//! Ends by a signal that cannot be caught.

use std::io;
use std::net::TcpListener;

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    const KILL: i64 = 62;
    let _ = listener;
    raw::call(KILL, [i64::from(std::process::id()), 9]);
    Ok(())
}
