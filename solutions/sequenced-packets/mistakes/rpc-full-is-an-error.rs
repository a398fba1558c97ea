//! Ends the conversation when there is no room at once.
//!
//! stage: rpc
//! fails: rpc::a_slow_client_loses_no_reply
//! meant: rpc::a_slow_client_loses_no_reply
//! says: is owed its replies all the same

use std::io;

use berkeley::{AF_UNIX, Addr, MSG_DONTWAIT, SOCK_SEQPACKET, Socket, listen, recv, send, socket};

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
        send(client, &store.perform(&buffer[..length]), MSG_DONTWAIT)?;
    }
}
