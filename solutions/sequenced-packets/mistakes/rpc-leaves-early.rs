//! Leaves as soon as the client will send no more.
//!
//! stage: rpc
//! fails: rpc::the_end_comes_behind_the_replies
//! meant: rpc::the_end_comes_behind_the_replies
//! says: receive what waits, answer it

use std::io;

use berkeley::{
    AF_UNIX, Addr, POLLIN, POLLRDHUP, PollFd, SOCK_SEQPACKET, Socket, listen, poll, recv, send,
    socket,
};

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
        let mut fds = [PollFd::new(client, POLLIN | POLLRDHUP)];
        poll(&mut fds, None)?;
        if fds[0].revents.contains(POLLRDHUP) {
            return Ok(());
        }
        let length = recv(client, &mut buffer, 0)?;
        if length == 0 {
            return Ok(());
        }
        send(client, &store.perform(&buffer[..length]), 0)?;
    }
}
