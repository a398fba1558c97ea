//! Takes the name for a C string, which ends at its first zero byte.
//!
//! stage: abstract
//! fails: abstract::every_byte_of_the_name_counts
//! meant: abstract::every_byte_of_the_name_counts
//! says: Zero bytes mean nothing in an abstract name

use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};

pub fn bind(name: &[u8]) -> io::Result<UnixListener> {
    UnixListener::bind_addr(&address(name)?)
}

pub fn connect(name: &[u8]) -> io::Result<UnixStream> {
    UnixStream::connect_addr(&address(name)?)
}

fn address(name: &[u8]) -> io::Result<SocketAddr> {
    let end = name.iter().position(|&byte| byte == 0);
    let name = &name[..end.unwrap_or(name.len())];
    SocketAddr::from_abstract_name(name)
}
