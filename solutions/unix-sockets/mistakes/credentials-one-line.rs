//! Takes what one read brings for one request.
//!
//! stage: credentials
//! fails: credentials::every_line_gets_its_reply
//! meant: credentials::every_line_gets_its_reply
//! says: One read may bring several lines

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;

use berkeley::{SO_PEERCRED, getsockopt};

pub fn converse(client: &UnixStream, allow_uid: Option<u32>) -> io::Result<()> {
    let mut client = client;
    let peer = getsockopt(client, SO_PEERCRED)?;
    if allow_uid.is_some_and(|uid| uid != peer.uid) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let mut buffer = [0; 1024];
    loop {
        let length = client.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        let reply = if buffer[..length].starts_with(b"WHOAMI") {
            format!("{} {} {}\n", peer.uid, peer.gid, peer.pid)
        } else {
            "ERR what?\n".to_owned()
        };
        client.write_all(reply.as_bytes())?;
    }
}
