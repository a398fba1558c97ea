//! Asserts that nobody else asks, and ends with the first who does.
//!
//! stage: credentials
//! fails: credentials::a_refusal_ends_one_connection_only
//! meant: credentials::a_refusal_ends_one_connection_only
//! says: A stranger at the door is no fault

use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;

use berkeley::{SO_PEERCRED, getsockopt};

pub fn converse(client: &UnixStream, allow_uid: Option<u32>) -> io::Result<()> {
    let mut client = client;
    let peer = getsockopt(client, SO_PEERCRED)?;
    if let Some(uid) = allow_uid {
        assert_eq!(peer.uid, uid, "only user {uid} may ask");
    }
    let mut reader = BufReader::new(client);
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
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
