//! Ends the conversation after an ERR.
//!
//! stage: rpc
//! fails: rpc::values_live_in_their_connection
//!        rpc::an_error_ends_nothing
//! meant: rpc::an_error_ends_nothing
//! says: ERR is a reply like any other

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
        let reply = store.perform(&buffer[..length]);
        send(client, &reply, 0)?;
        if reply.starts_with(b"ERR") {
            return Ok(());
        }
    }
}
