//! Holds a lock for the length of a conversation.
//!
//! stage: rpc
//! fails: rpc::values_live_in_their_connection
//!        rpc::no_client_delays_or_ends_another
//! meant: rpc::no_client_delays_or_ends_another
//! says: wait for nobody else

use std::io;
use std::sync::{Mutex, PoisonError};

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
    let mut store = STORE.lock().unwrap_or_else(PoisonError::into_inner);
    *store = Some(Store::new());
    let mut buffer = vec![0; LONGEST_MESSAGE];
    loop {
        let length = recv(client, &mut buffer, 0)?;
        if length == 0 {
            return Ok(());
        }
        let reply = store
            .get_or_insert_with(Store::new)
            .perform(&buffer[..length]);
        send(client, &reply, 0)?;
    }
}

static STORE: Mutex<Option<Store>> = Mutex::new(None);
