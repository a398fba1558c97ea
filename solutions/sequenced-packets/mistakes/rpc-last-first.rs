//! Takes all that is there, and answers the last request first.
//!
//! stage: rpc
//! fails: rpc::a_thousand_requests_are_answered_in_order
//! meant: rpc::a_thousand_requests_are_answered_in_order
//! says: in the order in which they came

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
        let mut requests = Vec::new();
        let mut length = recv(client, &mut buffer, 0)?;
        while length > 0 {
            requests.push(buffer[..length].to_vec());
            length = match recv(client, &mut buffer, MSG_DONTWAIT) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
                received => received?,
            };
        }
        if requests.is_empty() {
            return Ok(());
        }
        let replies: Vec<_> = requests
            .iter()
            .map(|request| store.perform(request))
            .collect();
        for reply in replies.iter().rev() {
            send(client, reply, 0)?;
        }
    }
}
