//! Descriptors to the limit: sockets with full buffers, pipes, timers; then it cannot accept.

use std::io::{self, Write};
use std::net::{TcpListener, UdpSocket};
use std::os::unix::net::UnixStream;

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    const EPOLL_CREATE1: i64 = 291;
    const EVENTFD2: i64 = 290;
    const GETPID: i64 = 39;
    const TIMERFD_CREATE: i64 = 283;
    // While it still can open what tells it how.
    raw::call(GETPID, []);
    let mut kept = Vec::new();
    let mut sockets = Vec::new();
    while let Ok((mut left, right)) = UnixStream::pair() {
        left.set_nonblocking(true)?;
        while left.write(&[1; 65536]).is_ok_and(|count| count > 0) {}
        kept.push((left, right));
        if let Ok(socket) = UdpSocket::bind("127.0.0.1:0") {
            let addr = socket.local_addr()?;
            for _ in 0..1000 {
                _ = socket.send_to(&[1; 60_000], addr);
            }
            sockets.push(socket);
        }
    }
    for call in [EPOLL_CREATE1, EVENTFD2, TIMERFD_CREATE] {
        while raw::call(call, [0, 0]) >= 0 {}
    }
    eprintln!(
        "descriptors: {}",
        if kept.len() < 40 { "few" } else { "TOO MANY" }
    );
    while listener.accept().is_ok() {}
    loop {
        std::thread::park();
    }
}
