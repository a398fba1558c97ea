//! As many threads as there can be, then as many connections to itself.

use std::io;
use std::net::TcpListener;
use std::thread;

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    let mut count = 0;
    while thread::Builder::new()
        .stack_size(16 * 1024)
        .spawn(|| {
            loop {
                thread::park()
            }
        })
        .is_ok()
    {
        count += 1;
    }
    eprintln!("threads: {}", count > 100);
    // Once more with the usual size.
    while thread::Builder::new().spawn(thread::park).is_ok() {}
    loop {
        thread::park();
    }
}
