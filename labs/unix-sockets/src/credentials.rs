//! Stage 4, `credentials`: ask the kernel who the peer is.
//!
//! What is asked: docs/src/labs/unix-sockets.md#credentials

use std::io;
use std::os::unix::net::UnixStream;

/// Tells a client who it is, line by line, until its end of stream; unless only `allow_uid` may ask,
/// and the client is another user.
///
/// `main` calls it for each client, one after another. Returning closes the connection; an error is
/// logged, and the next client is served.
pub fn converse(client: &UnixStream, allow_uid: Option<u32>) -> io::Result<()> {
    let _ = client;
    todo!(
        "ask the kernel who the peer is; refuse it if it is not the user {allow_uid:?}; answer each WHOAMI"
    )
}
