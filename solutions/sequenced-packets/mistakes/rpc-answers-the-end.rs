//! Takes the end for an empty request, and answers it.
//!
//! stage: rpc
//! fails: rpc::the_end_comes_behind_the_replies
//! meant: rpc::the_end_comes_behind_the_replies
//! says: when recv returns 0 say no more

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
        send(client, &store.perform(&buffer[..length]), 0)?;
    }
}
