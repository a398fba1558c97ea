//! Asks first how long the message is and who has sent it, then makes room for it, or throws it away.

use std::io;

use berkeley::{MSG_PEEK, MSG_TRUNC, SO_PASSCRED, Socket, recv, recvmsg, send, setsockopt};

pub fn converse(client: &Socket, max: usize) -> io::Result<()> {
    setsockopt(client, SO_PASSCRED, true)?;
    loop {
        let next = recvmsg(client, &mut [], MSG_PEEK | MSG_TRUNC)?;
        let reply = if next.len > max {
            recv(client, &mut [], 0)?;
            format!("TOOBIG {}", next.len).into_bytes()
        } else if next.len > 0 {
            let mut reply = b"OK ".to_vec();
            reply.resize(3 + next.len, 0);
            recv(client, &mut reply[3..], 0)?;
            reply
        } else if next.credentials.is_some() {
            recv(client, &mut [], 0)?;
            b"EMPTY".to_vec()
        } else {
            return Ok(());
        };
        send(client, &reply, 0)?;
    }
}
