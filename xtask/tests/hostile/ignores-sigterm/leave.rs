//! Neither leaves when it is told nor lets itself be told again.

use std::io;
use std::net::TcpListener;
use std::time::Duration;

use crate::stop::Stop;

pub fn serve(listener: TcpListener, stop: &Stop, drain: Duration) -> io::Result<()> {
    const SIGACTION: i64 = 13;
    let _ = (stop, drain);
    let ignore = [1_u64, 0, 0, 0];
    for signal in 1..=64 {
        raw::call(SIGACTION, [signal, raw::pointer(&ignore), 0, 8]);
    }
    let mut kept = Vec::new();
    loop {
        kept.push(listener.accept()?);
    }
}
