//! Tells a stranger why it is refused.
//!
//! stage: credentials
//! fails: credentials::a_foreign_user_hears_nothing
//!        credentials::a_silent_foreigner_is_refused_at_once
//!        credentials::a_refusal_ends_one_connection_only
//! meant: credentials::a_foreign_user_hears_nothing
//! says: and not a single byte

use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;

use berkeley::{SO_PEERCRED, getsockopt};

pub fn converse(client: &UnixStream, allow_uid: Option<u32>) -> io::Result<()> {
    let mut client = client;
    let peer = getsockopt(client, SO_PEERCRED)?;
    if allow_uid.is_some_and(|uid| uid != peer.uid) {
        return client.write_all(b"ERR not allowed\n");
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
