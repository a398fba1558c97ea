//! The calls by their old names.

use std::io;
use std::os::unix::net::{UnixListener, UnixStream};

use berkeley::{AF_UNIX, Addr, SOCK_STREAM, listen, socket};

pub fn bind(name: &[u8]) -> io::Result<UnixListener> {
    let listener = socket(AF_UNIX, SOCK_STREAM, 0)?;
    berkeley::bind(&listener, Addr::Abstract(name.to_vec()))?;
    listen(&listener, 5)?;
    Ok(listener.into())
}

pub fn connect(name: &[u8]) -> io::Result<UnixStream> {
    let stream = socket(AF_UNIX, SOCK_STREAM, 0)?;
    berkeley::connect(&stream, Addr::Abstract(name.to_vec()))?;
    Ok(stream.into())
}
