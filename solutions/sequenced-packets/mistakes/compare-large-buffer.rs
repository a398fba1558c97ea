//! Receives into a large buffer and shows as much as was asked for.
//!
//! stage: compare
//! fails: compare::boundaries
//!        compare::a_short_buffer
//!        compare::the_end
//! meant: compare::a_short_buffer
//! says: must be the size that recv is given

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
    let mut buffer = vec![0; 65_536];
    match recv(socket, &mut buffer, MSG_DONTWAIT) {
        Ok(length) => {
            buffer.truncate(length.min(size));
            Ok(Received::Bytes(buffer))
        }
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(Received::Nothing),
        Err(error) => Err(error),
    }
}
