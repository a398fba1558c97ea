//! A socket that never waits, poll, and a queue of replies: takes requests while replies still go out.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};

use berkeley::{
    AF_UNIX, Addr, POLLIN, POLLOUT, PollFd, SOCK_SEQPACKET, Socket, poll, recv, send,
    set_nonblocking,
};

use crate::store::Store;

pub const LONGEST_MESSAGE: usize = 65_536;

/// How many replies may wait.
const KEPT: usize = 32;

pub fn bind(addr: &Addr) -> io::Result<Socket> {
    let listener = berkeley::socket(AF_UNIX, SOCK_SEQPACKET, 0)?;
    berkeley::bind(&listener, addr)?;
    berkeley::listen(&listener, 4096)?;
    Ok(listener)
}

pub fn converse(client: &Socket) -> io::Result<()> {
    set_nonblocking(client, true)?;
    let mut store = Store::default();
    let mut buffer = vec![0; LONGEST_MESSAGE];
    let mut replies: VecDeque<Vec<u8>> = VecDeque::new();
    let mut ended = false;
    while !ended || !replies.is_empty() {
        let listens = !ended && replies.len() < KEPT;
        let events = match (listens, replies.is_empty()) {
            (true, true) => POLLIN,
            (true, false) => POLLIN | POLLOUT,
            _ => POLLOUT,
        };
        poll(&mut [PollFd::new(client, events)], None)?;
        if listens && let Some(length) = at_once(recv(client, &mut buffer, 0))? {
            ended = length == 0;
            if !ended {
                replies.push_back(store.perform(&buffer[..length]));
            }
        }
        while let Some(reply) = replies.front()
            && at_once(send(client, reply, 0))?.is_some()
        {
            replies.pop_front();
        }
    }
    Ok(())
}

/// What a call gave, or nothing if it would have had to wait.
fn at_once(result: io::Result<usize>) -> io::Result<Option<usize>> {
    match result {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
        result => result.map(Some),
    }
}
