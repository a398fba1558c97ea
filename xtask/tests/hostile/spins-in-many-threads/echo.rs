//! Every processor, as long as it lasts.

use std::io;
use std::net::TcpListener;
use std::thread;

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    for _ in 0..16 {
        thread::spawn(|| {
            loop {
                std::hint::spin_loop()
            }
        });
    }
    loop {
        std::hint::spin_loop();
    }
}
