//! Looks who it is when a request has come.
//!
//! stage: credentials
//! fails: credentials::a_silent_foreigner_is_refused_at_once
//! meant: credentials::a_silent_foreigner_is_refused_at_once
//! says: look before you read

use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;

use berkeley::{SO_PEERCRED, getsockopt};

pub fn converse(client: &UnixStream, allow_uid: Option<u32>) -> io::Result<()> {
    let mut client = client;
    let mut reader = BufReader::new(client);
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        let peer = getsockopt(client, SO_PEERCRED)?;
        if allow_uid.is_some_and(|uid| uid != peer.uid) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let reply = if line == "WHOAMI\n" {
            format!("{} {} {}\n", peer.uid, peer.gid, peer.pid)
        } else {
            "ERR what?\n".to_owned()
        };
        client.write_all(reply.as_bytes())?;
        line.clear();
    }
    Ok(())
}
