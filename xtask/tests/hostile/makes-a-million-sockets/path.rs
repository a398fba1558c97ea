//! Sockets in its folder without end: each costs memory of the kernel's.

use std::fs;
use std::io;
use std::os::unix::net::UnixListener;
use std::path::Path;

pub fn bind(path: &Path) -> io::Result<UnixListener> {
    let listener = UnixListener::bind(path)?;
    let mut count = 0_u64;
    loop {
        if let Err(error) = UnixListener::bind(path.with_file_name(count.to_string())) {
            eprintln!("sockets: {count}: {error}");
            return Ok(listener);
        }
        count += 1;
        if count % 1000 == 0 {
            eprintln!("so far: {count}");
        }
    }
}

pub fn leave(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}
