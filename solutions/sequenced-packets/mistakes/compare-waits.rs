//! Waits where there is nothing to receive.
//!
//! stage: compare
//! fails: compare::boundaries
//!        compare::a_short_buffer
//!        compare::empty_messages
//!        compare::nothing_there
//!        compare::the_end
//! meant: compare::nothing_there
//! says: for nobody else can send

use std::io::{self, ErrorKind};

use berkeley::{AF_UNIX, SHUT_WR, Socket, SocketType, recv, send, shutdown, socketpair};

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
    match recv(socket, &mut buffer, 0) {
        Ok(length) => {
            buffer.truncate(length);
            Ok(Received::Bytes(buffer))
        }
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(Received::Nothing),
        Err(error) => Err(error),
    }
}
