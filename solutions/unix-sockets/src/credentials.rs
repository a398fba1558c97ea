//! Stage 4, `credentials`: ask the kernel who the peer is.
//!
//! What is asked: docs/src/labs/unix-sockets.md#credentials

use std::io;
use std::os::unix::net::UnixStream;
// solution:
use std::io::{BufRead, BufReader, ErrorKind, Write};

use berkeley::{SO_PEERCRED, getsockopt};
// end

/// Tells a client who it is, line by line, until its end of stream; unless only `allow_uid` may ask,
/// and the client is another user.
///
/// `main` calls it for each client, one after another. Returning closes the connection; an error is
/// logged, and the next client is served.
pub fn converse(client: &UnixStream, allow_uid: Option<u32>) -> io::Result<()> {
    // solution: let _ = client; todo!("ask the kernel who the peer is; refuse it if it is not the user {allow_uid:?}; answer each WHOAMI")
    let mut client = client;
    let peer = getsockopt(client, SO_PEERCRED)?;
    // First of all: whoever may not ask is not listened to.
    if allow_uid.is_some_and(|uid| uid != peer.uid) {
        let why = format!("user {} may not ask", peer.uid);
        return Err(io::Error::new(ErrorKind::PermissionDenied, why));
    }
    let mut reader = BufReader::new(client);
    let mut line = Vec::new();
    loop {
        line.clear();
        reader.read_until(b'\n', &mut line)?;
        if line.pop() != Some(b'\n') {
            // The end; what came since the last line end is no request.
            return Ok(());
        }
        let reply = match &line[..] {
            b"WHOAMI" => format!("{} {} {}\n", peer.uid, peer.gid, peer.pid),
            _ => "ERR unknown request\n".to_owned(),
        };
        client.write_all(reply.as_bytes())?;
    }
    // end
}
