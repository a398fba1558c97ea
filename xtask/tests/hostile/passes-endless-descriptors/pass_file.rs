//! Descriptors without end for whoever asks for one, and as many on their way to nobody.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::Path;

pub fn converse(client: &UnixStream, root: &Path) -> io::Result<()> {
    let file = File::open(root.join("..").join("program")).or_else(|_| File::open("/program"))?;
    let many = [file.as_fd(); 64];
    let mut kept = Vec::new();
    loop {
        let (left, right) = UnixStream::pair()?;
        let mut sent = 0;
        left.set_nonblocking(true)?;
        while berkeley::sendmsg(&left, b"+", &many, 0).is_ok() {
            sent += 1;
        }
        kept.push((left, right));
        if sent == 0 {
            break;
        }
    }
    eprintln!("on their way: {}", kept.len());
    loop {
        berkeley::sendmsg(client, b"+", &many, 0)?;
    }
}
