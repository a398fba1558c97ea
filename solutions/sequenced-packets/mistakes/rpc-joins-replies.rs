//! Takes all that is there, and sends the replies together.
//!
//! stage: rpc
//! fails: rpc::a_thousand_requests_are_answered_in_order
//!        rpc::a_slow_client_loses_no_reply
//!        rpc::the_end_comes_behind_the_replies
//! meant: rpc::a_thousand_requests_are_answered_in_order
//! says: each is a message and gets a message

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
        let mut length = recv(client, &mut buffer, 0)?;
        let mut replies = Vec::new();
        while length > 0 {
            replies.extend(store.perform(&buffer[..length]));
            length = match recv(client, &mut buffer, MSG_DONTWAIT) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
                received => received?,
            };
        }
        if replies.is_empty() {
            return Ok(());
        }
        send(client, &replies, 0)?;
    }
}
