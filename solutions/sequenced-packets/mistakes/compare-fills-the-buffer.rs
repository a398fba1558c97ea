//! Receives until the buffer is full or nothing comes any more.
//!
//! stage: compare
//! fails: compare::boundaries
//!        compare::a_short_buffer
//!        compare::empty_messages
//! meant: compare::boundaries
//! says: call recv once for a receive

use std::io::{self, ErrorKind};

use berkeley::{
    AF_UNIX, MSG_DONTWAIT, SHUT_WR, Socket, SocketType, recv, send, shutdown, socketpair,
};

use crate::script::{Received, Step};

pub fn take(kind: SocketType, steps: &[Step]) -> io::Result<Vec<Received>> {
    let (sender, receiver) = socketpair(AF_UNIX, kind, 0)?;
    let mut results = Vec::new();
    for step in steps {
        match step {
            Step::Send(bytes) => _ = send(&sender, bytes, 0)?,
            Step::Receive(size) => results.push(receive(&receiver, *size)?),
            Step::End => shutdown(&sender, SHUT_WR)?,
        }
    }
    Ok(results)
}

fn receive(socket: &Socket, size: usize) -> io::Result<Received> {
    let mut buffer = vec![0; size];
    let mut filled = 0;
    while filled < size {
        match recv(socket, &mut buffer[filled..], MSG_DONTWAIT) {
            Ok(0) => break,
            Ok(length) => filled += length,
            Err(error) if error.kind() == ErrorKind::WouldBlock && filled == 0 => {
                return Ok(Received::Nothing);
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => return Err(error),
        }
    }
    buffer.truncate(filled);
    Ok(Received::Bytes(buffer))
}
