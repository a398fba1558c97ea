//! Asks poll before each receive.

use std::io;
use std::time::Duration;

use berkeley::{
    AF_UNIX, POLLIN, PollFd, SHUT_WR, SocketType, poll, recvmsg, send, shutdown, socketpair,
};

use crate::script::{Received, Step};

pub fn take(kind: SocketType, steps: &[Step]) -> io::Result<Vec<Received>> {
    let (receiver, sender) = socketpair(AF_UNIX, kind, 0)?;
    let mut results = Vec::new();
    for step in steps {
        if let Step::Send(bytes) = step {
            send(&sender, bytes, 0)?;
        } else if let &Step::Receive(size) = step {
            let mut fds = [PollFd::new(&receiver, POLLIN)];
            poll(&mut fds, Some(Duration::ZERO))?;
            if fds[0].revents.contains(POLLIN) {
                let mut buffer = vec![0; size];
                let length = recvmsg(&receiver, &mut buffer, 0)?.len;
                results.push(Received::Bytes(buffer.drain(..length).collect()));
            } else {
                results.push(Received::Nothing);
            }
        } else {
            shutdown(&sender, SHUT_WR)?;
        }
    }
    Ok(results)
}
