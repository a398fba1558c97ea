//! Answers when the client has finished.
//!
//! stage: rpc
//! fails: rpc::a_message_is_a_request
//!        rpc::values_live_in_their_connection
//!        rpc::an_error_ends_nothing
//!        rpc::line_ends_are_bytes
//!        rpc::a_long_message_passes_whole
//!        rpc::a_thousand_requests_are_answered_in_order
//!        rpc::a_slow_client_loses_no_reply
//!        rpc::no_client_delays_or_ends_another
//! meant: rpc::a_message_is_a_request
//! says: A request is complete when recv returns

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
    let mut requests = Vec::new();
    loop {
        let length = recv(client, &mut buffer, 0)?;
        if length == 0 {
            break;
        }
        requests.push(buffer[..length].to_vec());
    }
    for request in requests {
        send(client, &store.perform(&request), 0)?;
    }
    Ok(())
}
