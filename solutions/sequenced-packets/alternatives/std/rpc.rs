//! The connection in the clothes of a stream: `read` and `write` are one message each here, too.

use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

use berkeley::{AF_UNIX, Addr, SOCK_SEQPACKET, Socket};

use crate::store::Store;

pub const LONGEST_MESSAGE: usize = 65_536;

pub fn bind(addr: &Addr) -> io::Result<Socket> {
    let socket = berkeley::socket(AF_UNIX, SOCK_SEQPACKET, 0)?;
    berkeley::bind(&socket, addr)?;
    berkeley::listen(&socket, -1)?;
    Ok(socket)
}

pub fn converse(client: &Socket) -> io::Result<()> {
    let mut client = UnixStream::from(client.as_fd().try_clone_to_owned()?);
    let mut store = Store::new();
    // Twice as long as need be.
    let mut message = [0; 2 * LONGEST_MESSAGE];
    while let length @ 1.. = client.read(&mut message)? {
        let reply = store.perform(&message[..length]);
        client.write_all(&reply)?;
    }
    Ok(())
}
