//! Sends everything first, and then receives.
//!
//! stage: compare
//! fails: compare::one_by_one
//!        compare::a_short_buffer
//!        compare::empty_messages
//!        compare::nothing_there
//! meant: compare::one_by_one
//! says: Take the steps as they come

use std::io::{self, ErrorKind};

use berkeley::{
    AF_UNIX, MSG_DONTWAIT, SHUT_WR, Socket, SocketType, recv, send, shutdown, socketpair,
};

use crate::script::{Received, Step};

pub fn take(kind: SocketType, steps: &[Step]) -> io::Result<Vec<Received>> {
    let (sender, receiver) = socketpair(AF_UNIX, kind, 0)?;
    for step in steps {
        match step {
            Step::Send(bytes) => _ = send(&sender, bytes, 0)?,
            Step::Receive(_) => {}
            Step::End => shutdown(&sender, SHUT_WR)?,
        }
    }
    let sizes = steps.iter().filter_map(|step| match step {
        Step::Receive(size) => Some(*size),
        _ => None,
    });
    sizes.map(|size| receive(&receiver, size)).collect()
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
