//! Receives the word first and then the rest, as from a stream.
//!
//! stage: rpc
//! fails: rpc::a_message_is_a_request
//!        rpc::values_live_in_their_connection
//!        rpc::line_ends_are_bytes
//!        rpc::a_long_message_passes_whole
//!        rpc::a_thousand_requests_are_answered_in_order
//!        rpc::a_slow_client_loses_no_reply
//!        rpc::the_end_comes_behind_the_replies
//!        rpc::no_client_delays_or_ends_another
//! meant: rpc::a_message_is_a_request
//! says: nothing more of it to receive

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
        // "GET ", "PUT ", "INCR".
        let word = recv(client, &mut buffer[..4], 0)?;
        if word == 0 {
            return Ok(());
        }
        let mut length = word;
        if [&b"GET "[..], b"PUT ", b"INCR"].contains(&&buffer[..word]) {
            length += recv(client, &mut buffer[word..], 0)?;
        }
        send(client, &store.perform(&buffer[..length]), 0)?;
    }
}
