//! Threads and a process whose names look like what `/proc` tells, and like a report.

use std::io;
use std::net::TcpListener;
use std::thread;

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    const PRCTL: i64 = 157;
    const SET_NAME: i64 = 15;
    let _ = listener;
    raw::call(PRCTL, [SET_NAME, raw::pointer(c"x) S 1 1 1 0 -1")]);
    for name in [
        "signals",
        ") T 0 0",
        "\u{1b}]0;evil\u{7}",
        "::error::x\n<b>",
    ] {
        thread::Builder::new().name(name.to_owned()).spawn(|| {
            loop {
                thread::park()
            }
        })?;
    }
    loop {
        thread::park();
    }
}
