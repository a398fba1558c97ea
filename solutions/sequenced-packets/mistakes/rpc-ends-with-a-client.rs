//! Ends the program with the first client that does not receive.
//!
//! stage: rpc
//! fails: rpc::no_client_delays_or_ends_another
//! meant: rpc::no_client_delays_or_ends_another
//! says: let an error end that conversation only

use std::io;
use std::process;

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
        if let Err(error) = send(client, &store.perform(&buffer[..length]), 0) {
            eprintln!("cannot reply: {error}");
            process::exit(1);
        }
    }
}
