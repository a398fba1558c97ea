//! Takes the first 0 for the end of everything.
//!
//! stage: compare
//! fails: compare::empty_messages
//!        compare::the_end
//! meant: compare::empty_messages
//! says: print the 0, and go on

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
            Step::Receive(size) => {
                results.push(receive(&receiver, *size)?);
                if results.last() == Some(&Received::Bytes(Vec::new())) {
                    break;
                }
            }
            Step::End => shutdown(&sender, SHUT_WR)?,
        }
    }
    Ok(results)
}

fn receive(socket: &Socket, size: usize) -> io::Result<Received> {
    let mut buffer = vec![0; size];
    match recv(socket, &mut buffer, MSG_DONTWAIT) {
        Ok(length) => {
            buffer.truncate(length);
            Ok(Received::Bytes(buffer))
        }
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(Received::Nothing),
        Err(error) => Err(error),
    }
}
