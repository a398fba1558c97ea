//! Gets away: a session of its own, a second fork, a reaper of orphans, a death that is nobody's.

use std::io;
use std::net::TcpListener;

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    const FORK: i64 = 57;
    const SETSID: i64 = 112;
    const SETPGID: i64 = 109;
    const PRCTL: i64 = 157;
    let _ = listener;
    // Harmless, and allowed.
    raw::call(SETSID, []);
    raw::call(SETPGID, [0, 0]);
    raw::call(PRCTL, [36, 1, 0, 0, 0]);
    raw::call(PRCTL, [1, 0, 0, 0, 0]);
    for _ in 0..2 {
        raw::attempt("fork", FORK, []);
    }
    raw::attempt("hide", PRCTL, [4, 0, 0, 0, 0]);
    raw::attempt("be traced by anybody", PRCTL, [0x5961_6d61, -1, 0, 0, 0]);
    std::process::exit(0)
}
