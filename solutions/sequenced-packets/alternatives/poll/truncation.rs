//! A buffer for any message that there has been; one that is too short for the next is made longer first.

use std::io;

use berkeley::{
    MSG_DONTWAIT, MSG_PEEK, MSG_TRUNC, POLLIN, PollFd, SO_PASSCRED, Socket, poll, recvmsg, send,
    setsockopt,
};

pub fn converse(client: &Socket, max: usize) -> io::Result<()> {
    setsockopt(client, SO_PASSCRED, true)?;
    let mut buffer = Vec::new();
    loop {
        poll(&mut [PollFd::new(client, POLLIN)], None)?;
        let length = recvmsg(client, &mut buffer, MSG_PEEK | MSG_TRUNC)?.len;
        buffer.resize(buffer.len().max(length), 0);
        let message = recvmsg(client, &mut buffer, MSG_DONTWAIT)?;
        if message.len == 0 && message.credentials.is_none() {
            return Ok(());
        }
        let mut reply = match message.len {
            0 => "EMPTY".to_owned(),
            length if length <= max => "OK ".to_owned(),
            length => format!("TOOBIG {length}"),
        }
        .into_bytes();
        if message.len <= max {
            reply.extend_from_slice(&buffer[..message.len]);
        }
        send(client, &reply, 0)?;
    }
}
