//! Takes each line of a message for a request.
//!
//! stage: rpc
//! fails: rpc::line_ends_are_bytes
//!        rpc::a_long_message_passes_whole
//! meant: rpc::line_ends_are_bytes
//! says: no byte of it means an end

use std::io;

use berkeley::{AF_UNIX, Addr, SOCK_SEQPACKET, Socket, listen, recv, send, socket};

use crate::store::Store;

pub const LONGEST_MESSAGE: usize = 65_536;

pub fn bind(addr: &Addr) -> io::Result<Socket> {
    let listener = socket(AF_UNIX, SOCK_SEQPACKET, 0)?;
    berkeley::bind(&listener, addr)?;
    listen(&listener, 128)?;
    Ok(listener)
}

pub fn converse(client: &Socket) -> io::Result<()> {
    let mut store = Store::new();
    let mut buffer = vec![0; LONGEST_MESSAGE];
    loop {
        let length = recv(client, &mut buffer, 0)?;
        if length == 0 {
            return Ok(());
        }
        for line in buffer[..length].split_inclusive(|&byte| byte == b'\n') {
            let request = line.strip_suffix(b"\n").unwrap_or(line);
            send(client, &store.perform(request), 0)?;
        }
    }
}
